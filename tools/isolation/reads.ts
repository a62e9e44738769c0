import { Chore } from './chores.ts'
import type { Call } from './call.ts'
import type { JsonSchema, Operation, Parameter } from './operations.ts'
import { fieldOf, type Rows } from './rows.ts'
import { canary, TENANTS, type Tenant } from './tenants.ts'
import { writeKeyOf } from './write-keys.ts'

const OPERATORS = ['ne', 'in', 'gt', 'gte', 'lt', 'lte', 'contains', 'startsWith', 'isNull']
const PAGING = ['sort', 'q', 'limit', 'cursor', 'skip', 'count']

/** What the id in a path names, by the word before it. */
// `any`: rows of all kinds.
type Row = any

const COLLECTION_OF: Readonly<Record<string, string>> = {
  inventory: 'products',
  timeline: 'events',
  notes: 'customer-notes',
  // Who is pinned, and what was computed, are of a segment: its own ids lead to them.
  pins: 'customers',
  versions: 'segments',
  runs: 'segments',
}

/** Paths of an operation with the tenant's ids in it, and with ids that only others have. */
export function pathsOf(
  { path }: Operation,
  tenant: Tenant,
  rows: Rows,
): readonly { readonly path: string; readonly names: 'own' | 'foreign-id' }[] {
  const place = /\/([^/]+)\/\{(\w+)\}/.exec(path)
  if (!place) return [{ path, names: 'own' }]
  const [, word = '', parameter] = place
  const fill = (id: string): string => path.replace(`{${parameter}}`, id)
  const within = (row: Row): string =>
    fill(row.id)
      .replace('{customerId}', rows.of(tenant, 'customers')[0].id)
      .replace('{runId}', row.runId)
      .replace('{number}', '1')
  if (word === 'settings') return ['tenant', 'inventory'].map((name) => ({ path: fill(name), names: 'own' }))
  if (word === 'projects') return [{ path: fill(writeKeyOf(tenant)), names: 'own' }]
  if (word === 'schedules') return [{ path: fill(Chore.name), names: 'own' }]
  const collection = COLLECTION_OF[word] ?? word
  return [
    ...rows.of(tenant, collection).map((row) => ({ path: within(row), names: 'own' as const })),
    ...rows
      .foreignIds(tenant, collection)
      .map((id) => ({ path: within({ id, runId: id }), names: 'foreign-id' as const })),
  ]
}

/**
 * Everything there is to ask with one operation.
 *
 * @param depth `plain`: of lists only the plain form
 */
export function readsOf(
  operation: Operation,
  tenant: Tenant,
  rows: Rows,
  depth: 'full' | 'plain' = 'full',
): readonly Call[] {
  const paths = pathsOf(operation, tenant, rows)
  const isList = depth === 'full' && operation.parameters.some(({ name }) => name === 'cursor')
  return paths.flatMap(({ path, names }, index) => {
    const call = (query: string, kind: Call['names'] = names): Call => ({
      route: operation.route,
      method: 'GET',
      path: query === '' ? path : `${path}?${query}`,
      names: names === 'foreign-id' ? names : kind,
    })
    const further = FURTHER[operation.route]?.(tenant, rows)
    if (further) return further.map(({ query, kind }) => call(query, kind))
    if (!isList) return [call('')]
    // One list is asked in every way; of the others of its kind the plain form is enough.
    return [
      call(''),
      ...(index === 0 ? listQueries(operation, tenant, rows) : []).map((query) => call(query)),
    ]
  })
}

/** Routes that want a query of their own. */
const FURTHER: Readonly<
  Record<
    string,
    (tenant: Tenant, rows: Rows) => readonly { readonly query: string; readonly kind?: Call['names'] }[]
  >
> = {
  // A stream that ends, from the beginning of the journal on.
  'core.live': () => [{ query: 'once=true&jobs=true&after=00000000-0000-0000-0000-000000000000' }],
  'orders.lookup': (tenant, rows) => [
    ...rows.of(tenant, 'orders').map(({ number }) => ({ query: `number=${number}` })),
    { query: 'number=no-such-number', kind: 'any' },
  ],
  'orders.dashboard': () => [{ query: '' }, { query: 'period=7d' }, { query: 'period=60d' }],
  'orders.topProducts': () => [{ query: '' }, { query: 'by=quantity&limit=2' }, { query: 'period=7d' }],
  'segments.explain': (tenant, rows) => [
    ...rows.of(tenant, 'customers').map(({ id }) => ({ query: `customerId=${id}` })),
    ...rows
      .foreignIds(tenant, 'customers')
      .slice(0, 2)
      .map((id) => ({ query: `customerId=${id}`, kind: 'foreign-reference' as const })),
  ],
}

function listQueries(operation: Operation, tenant: Tenant, rows: Rows): readonly string[] {
  const other = TENANTS.find((one) => one !== tenant)!
  const offered = new Set(operation.parameters.map(({ name }) => name))
  const searches = ['ana11@example.com', 'Ana', '100', 'Segment', 'Mug', canary(tenant), canary(other)]
  return [
    ...operation.parameters
      .filter((parameter) => parameter.in === 'query' && !PAGING.includes(parameter.name))
      .flatMap((parameter) => filterQueries(operation, parameter, { tenant, other, rows })),
    ...(offered.has('q') ? searches.map((q) => `q=${encodeURIComponent(q)}`) : []),
    ...sortable(operation).flatMap((field) => [`sort=${field}`, `sort=-${field}`]),
    ...['skip=1', 'skip=3&limit=2', 'count=exact', 'count=estimate', 'limit=1&count=exact'],
  ]
}

/** The columns a list sorts by stand in the description of its parameter. */
export function sortable({ parameters }: Operation): readonly string[] {
  const description = parameters.find(({ name }) => name === 'sort')?.description ?? ''
  return description
    .slice(description.lastIndexOf(':') + 1)
    .split(',')
    .map((name) => name.trim())
}

function filterQueries(
  operation: Operation,
  { name, schema }: Parameter,
  { tenant, other, rows }: { readonly tenant: Tenant; readonly other: Tenant; readonly rows: Rows },
): readonly string[] {
  const values = valuesOf(schema)
  const dot = name.lastIndexOf('.')
  const operator = OPERATORS.includes(name.slice(dot + 1)) ? name.slice(dot + 1) : 'eq'
  const field = operator === 'eq' ? name : name.slice(0, dot)
  const collection = collectionOf(operation.path)
  if (values.length === 0) {
    // Equality is asked for both; the other operators read alike, so one value each is enough.
    for (const whose of operator === 'eq' ? [tenant, other] : [other]) {
      const value = rows
        .of(whose, collection)
        .map((row) => fieldOf(row, field))
        .find((one) => one !== undefined)
      if (value !== undefined) values.push(operator === 'in' ? `${value},${value}` : String(value))
    }
    if (operator === 'contains' || operator === 'startsWith') values.push(canary(other))
  }
  return [...new Set(values)].map((value) => `${name}=${encodeURIComponent(value)}`)
}

function collectionOf(path: string): string {
  const last = path.split('/').at(-1)!
  return last === 'members' ? 'customers' : (COLLECTION_OF[last] ?? last)
}

function valuesOf(schema: JsonSchema): string[] {
  if (schema.enum) return schema.enum.slice(0, 2)
  if (schema.type === 'boolean' || schema.anyOf?.some((one: JsonSchema) => one.type === 'boolean'))
    return ['true', 'false']
  if (schema.format === 'date-time') return ['2026-03-14T10:00:00.000Z']
  return []
}
