import type { Operation, JsonSchema } from '../isolation/operations.ts'
import type { Rows } from '../isolation/rows.ts'
import type { Tenant } from '../isolation/tenants.ts'
import { writesOf } from '../isolation/writes.ts'

/** A request that must be refused. */
export interface HostileCall {
  readonly method: string
  readonly path: string
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** What the answer must name. */
  readonly field?: string
}

const NUL = 'a\0b'
const HALF = 'a\ud800b'

/** Bodies of a route that are wrong in one place each. */
export function hostileBodies(operation: Operation, tenant: Tenant, rows: Rows): readonly HostileCall[] {
  const [valid] = writesOf(operation, tenant, rows)
  if (!operation.body || !valid) return []
  const { method, path } = valid
  const base = valid.body as Record<string, unknown>
  const properties = Object.entries<JsonSchema>(operation.body.properties ?? {})
  const wrong = (field: string, value: unknown): HostileCall => ({
    method,
    path,
    body: { ...base, [field]: value },
    field,
  })
  return [
    ...properties.flatMap(([field, schema]) => wrongValues(schema).map((value) => wrong(field, value))),
    ...(properties.length > 0 ? [wrong('surprise', 1)] : []),
    ...RAW_BODIES.map((body) => ({ method, path, body })),
    { method, path, body: JSON.stringify({ ...base, filler: 'x'.repeat(2 * 1024 * 1024) }) },
    { method, path, body: JSON.stringify(base), headers: { 'content-type': 'text/plain' } },
    { method, path, body: JSON.stringify(base), headers: { 'content-encoding': 'gzip' } },
  ]
}

/** Not JSON, or not an object. */
const RAW_BODIES = ['{', '{"a":', 'null', '[]', '"text"', '7', '{"a":1}{', 'NaN', '['.repeat(5000)]

function wrongValues(schema: JsonSchema): readonly unknown[] {
  const kinds: readonly JsonSchema[] = schema.anyOf ?? [schema]
  const accepts = (type: string): boolean => kinds.some((one) => one.type === type)
  const isOpen = kinds.some((one) => one.type === undefined && !one.enum)
  if (isOpen) return [NUL, HALF]
  return [
    NUL,
    HALF,
    { [NUL]: 1 },
    { deep: [{ [HALF]: NUL }] },
    ...(accepts('object') ? ['text', 7, [1]] : [{ a: 1 }]),
    ...(accepts('array') ? [] : [[]]),
    ...(accepts('boolean') ? ['true', 1] : [true]),
    ...(accepts('integer') || accepts('number') ? ['1', 1.5, 2 ** 53, -(2 ** 53), 1e300] : []),
    ...(accepts('string') && !accepts('object') ? [7, 'x'.repeat(20_000)] : []),
    ...kinds.flatMap(({ format }) => WRONG_FORMATS[format as string] ?? []),
    ...(accepts('string') && kinds.some((one) => one.enum) ? ['no such value', ''] : []),
  ]
}

const WRONG_FORMATS: Readonly<Record<string, readonly string[]>> = {
  uuid: ['', 'x', '00000000-0000-7000-8000-00000000000', '00000000-0000-7000-8000-00000000000g', '../../etc'],
  email: ['', 'x', '@', 'a@', 'a b@example.com', 'a@example.com\n'],
  'date-time': [
    '',
    'yesterday',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '0000-06-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '+275760-09-13T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    '2026-01-01T00:00:00+25:00',
  ],
}

/** Paths and queries of a route that are wrong in one place each. */
export function hostileQueries(operation: Operation, tenant: Tenant, rows: Rows): readonly HostileCall[] {
  const { method, parameters, path } = operation
  const body = operation.body ? writesOf(operation, tenant, rows)[0]?.body : undefined
  const send = (url: string, field?: string): HostileCall => ({
    method,
    path: url,
    ...(body === undefined ? {} : { body }),
    ...(field === undefined ? {} : { field }),
  })
  const place = /\{(\w+)\}/.exec(path)
  if (place && !path.includes('/settings/')) {
    return BAD_IDS.map((id) => send(path.replace(place[0], id), place[1]))
  }
  if (method !== 'GET') return []
  const known = parameters.filter((parameter) => parameter.in === 'query')
  const isList = known.some(({ name }) => name === 'cursor')
  return [
    ...(isList ? BAD_LISTS.map(([query, field]) => send(`${path}?${query}`, field)) : []),
    ...known.flatMap(({ name, schema }) =>
      badTexts(schema).map((text) => send(`${path}?${name}=${text}`, name)),
    ),
    send(`${path}?no-such-field=1`, 'no-such-field'),
  ]
}

const BAD_IDS = ['x', '%00', '%ED%A0%80', '00000000-0000-7000-8000-00000000000', "'--", '1e3', '-1']

const BAD_LISTS: readonly (readonly [query: string, field: string])[] = [
  ['cursor=x', 'cursor'],
  ['cursor=eyJ9.eyJ9', 'cursor'],
  ['cursor=WyIwIl0.AAAA', 'cursor'],
  [`cursor=${'A'.repeat(10_000)}`, 'cursor'],
  ['cursor=x&skip=1', 'skip'],
  ['sort=no-such-column', 'no-such-column'],
  ['sort=id%3Bdrop%20table', 'id;drop table'],
  ['sort=', 'sort'],
  ['sort=-', 'sort'],
  ['sort=createdAt,createdAt', 'sort'],
  ['sort=tenantId', 'tenantId'],
  ['tenantId=tenant-b', 'tenantId'],
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=1e1', 'limit'],
  ['limit=9007199254740993', 'limit'],
  ['limit=', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['skip=-1', 'skip'],
  ['skip=99999999999999999999', 'skip'],
  ['count=all', 'count'],
  ['q=%00', 'q'],
  ['q=%ED%A0%80', 'q'],
  [`q=${'x'.repeat(201)}`, 'q'],
  ['id=x', 'id'],
  ['id.in=x,y', 'id'],
  ['createdAt.gte=yesterday', 'createdAt'],
  ['createdAt.gte=0000-06-01T00:00:00Z', 'createdAt'],
  ['createdAt.lt=0001-01-01T00:00:00%2B14:00', 'createdAt'],
  ['createdAt.contains=2', 'createdAt'],
  ['%ED%A0%80=1', '%ED%A0%80'],
]

function badTexts(schema: JsonSchema): readonly string[] {
  if (schema.type === 'integer') return ['x', '', '1.5', '9007199254740993', '1e400', '99999999999999999999']
  if (schema.type === 'boolean') return ['yes', '']
  if (schema.format === 'date-time')
    return ['yesterday', '2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '%00']
  if (schema.format === 'uuid') return ['x', '%00']
  if (schema.enum) return ['no-such-value', '%00']
  return ['%00', '%ED%A0%80', '%']
}
