import * as z from 'zod'
import type { AnyEntity } from '../entity/entity.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { readSearch } from '../search/words.ts'
import { wordsOf } from './issue-words.ts'
import { listFields, type ListField } from './list-fields.ts'
import type { FilterOperator, ListFilter, ListQuery, ListQuerySchema, ListSort } from './list-query.ts'
import { filterValue, integerIn } from './list-values.ts'

/** Limits of a list request. */
export const LIST_LIMITS = {
  limit: 200,
  defaultLimit: 50,
  filters: 20,
  sorts: 4,
  skip: 10_000,
  text: 200,
} as const

/** The names that are no columns. A column of such a name cannot be filtered by. */
const RESERVED: ReadonlySet<string> = new Set(['limit', 'cursor', 'skip', 'sort', 'q', 'count'])

/**
 * The query schema of a list: parses `?status=active&createdAt.gte=…&sort=-createdAt&limit=50` into a
 * {@link ListQuery}. Only filterable and sortable columns are accepted, besides `id`, `createdAt` and `updatedAt`
 * (and `source`, `externalId` where the entity is importable).
 *
 * @param options.extensions their columns are accepted as `as.column`, and the items carry them as an object.
 * @param options.paged false for all rows at once: `limit`, `cursor`, `skip` and `count` are refused.
 * @param options.extra further parameters, beside the filters in the answer.
 * @throws (while parsing) `http.unknown_field` with the names that are allowed
 *
 * @example
 * route.get({ query: listQuery(Note), response: pageOf(Note.row), handler: ({ query }, ctx) => ctx.repo(Note).list(query), … })
 */
export function listQuery<X extends z.ZodObject | undefined = undefined>(
  entity: AnyEntity,
  options: { readonly extensions?: readonly AnyEntity[]; readonly extra?: X; readonly paged?: boolean } = {},
): ListQuerySchema<Extra<X>> {
  const { extensions = [], extra, paged = true } = options
  const fields = listFields(entity, extensions)
  const isSearchable = Object.values(entity.columns).some(({ spec }) => spec.searchable)
  const extraNames = new Set(Object.keys(extra?.shape ?? {}))
  const schema = z.unknown().transform((input, context) => {
    const given = (input ?? {}) as Record<string, unknown>
    const reader = new ListReader(fields, extraNames, isSearchable)
    const query = reader.read(given)
    const more = readExtra(extra, given, extraNames)
    for (const { path, message } of [
      ...reader.issues,
      ...more.issues,
      ...(paged ? [] : pagingIssues(given)),
    ]) {
      context.addIssue({ code: 'custom', path: [path], message })
    }
    return { ...query, ...(extensions.length > 0 ? { include: extensions } : {}), ...more.values }
  })
  return Object.assign(schema, {
    list: { entity, extensions, paged, ...(extra ? { extra } : {}) },
  }) as unknown as ListQuerySchema<Extra<X>>
}

type Extra<X> = X extends z.ZodObject ? z.output<X> : unknown

interface FieldIssue {
  readonly path: string
  readonly message: string
}

function pagingIssues(given: Record<string, unknown>): FieldIssue[] {
  return ['limit', 'cursor', 'skip', 'count']
    .filter((name) => given[name] !== undefined)
    .map((path) => ({ path, message: 'has no place here: all rows are meant' }))
}

function readExtra(
  extra: z.ZodObject | undefined,
  given: Record<string, unknown>,
  names: ReadonlySet<string>,
): { readonly values: object; readonly issues: readonly FieldIssue[] } {
  if (!extra) return { values: {}, issues: [] }
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => names.has(name)))
  const result = extra.safeParse(own)
  if (result.success) return { values: result.data, issues: [] }
  return {
    values: {},
    issues: result.error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: wordsOf(issue),
    })),
  }
}

class ListReader {
  readonly issues: FieldIssue[] = []
  readonly #fields: ReadonlyMap<string, ListField>
  readonly #extra: ReadonlySet<string>

  readonly #isSearchable: boolean

  constructor(fields: ReadonlyMap<string, ListField>, extra: ReadonlySet<string>, isSearchable: boolean) {
    this.#fields = fields
    this.#extra = extra
    this.#isSearchable = isSearchable
  }

  read(given: Record<string, unknown>): ListQuery {
    const filters: ListFilter[] = []
    for (const name of Object.keys(given)) {
      if (given[name] === undefined || RESERVED.has(name) || this.#extra.has(name)) continue
      const filter = this.#filter(name, given[name])
      if (filter) filters.push(filter)
    }
    if (filters.length > LIST_LIMITS.filters) this.#wrong('', `has more than ${LIST_LIMITS.filters} filters`)
    const { cursor, skip, q, count } = given
    if (cursor !== undefined && skip !== undefined) this.#wrong('skip', 'cannot stand beside a cursor')
    if (q !== undefined && !this.#isSearchable) this.#wrong('q', 'this list has no column to search in')
    return {
      filters,
      sort: this.#sort(given['sort']),
      limit: this.#integer('limit', given['limit'], 1, LIST_LIMITS.limit) ?? LIST_LIMITS.defaultLimit,
      ...optional('skip', this.#integer('skip', skip, 0, LIST_LIMITS.skip)),
      ...optional('cursor', this.#text('cursor', cursor, 16_000)),
      ...optional('q', this.#search(q)),
      ...optional('count', this.#count(count)),
    }
  }

  #filter(name: string, value: unknown): ListFilter | null {
    const { field, operator } = this.#named(name)
    const result = filterValue(field, operator, value)
    if ('value' in result) return { field: field.name, operator, value: result.value }
    this.#wrong(name, result.message)
    return null
  }

  #named(name: string): { readonly field: ListField; readonly operator: FilterOperator } {
    const whole = this.#fields.get(name)
    if (whole?.filterable && whole.operators.includes('eq')) return { field: whole, operator: 'eq' }
    const dot = name.lastIndexOf('.')
    const field = dot === -1 ? undefined : this.#fields.get(name.slice(0, dot))
    const operator = name.slice(dot + 1) as FilterOperator
    if (field?.filterable && field.operators.includes(operator)) return { field, operator }
    const allowed = field?.filterable
      ? field.operators.map((known) => (known === 'eq' ? field.name : `${field.name}.${known}`))
      : this.#names('filterable')
    throw coreErrors['http.unknown_field']({ field: name.slice(0, 100), use: 'filter', allowed })
  }

  #sort(given: unknown): readonly ListSort[] {
    if (given === undefined) return [{ field: 'id', direction: 'desc' }]
    if (typeof given !== 'string') {
      this.#wrong('sort', 'is given more than once; write sort=-createdAt,name')
      return []
    }
    const sorts = given.split(',').map((part) => this.#sortPart(part.trim()))
    if (sorts.length > LIST_LIMITS.sorts) this.#wrong('sort', `has more than ${LIST_LIMITS.sorts} columns`)
    if (new Set(sorts.map((sort) => sort.field)).size < sorts.length)
      this.#wrong('sort', 'names a column twice')
    const id = sorts.findIndex((sort) => sort.field === 'id')
    if (id !== -1) return sorts.slice(0, id + 1)
    return [...sorts, { field: 'id', direction: sorts.at(-1)!.direction }]
  }

  #sortPart(part: string): ListSort {
    const descending = part.startsWith('-')
    const name = descending ? part.slice(1) : part
    const field = this.#fields.get(name)
    if (field?.sortable) return { field: name, direction: descending ? 'desc' : 'asc' }
    throw coreErrors['http.unknown_field']({
      field: name.slice(0, 100),
      use: 'sort',
      allowed: this.#names('sortable'),
    })
  }

  #names(use: 'filterable' | 'sortable'): readonly string[] {
    return [...this.#fields.values()].filter((field) => field[use]).map((field) => field.name)
  }

  #integer(name: string, given: unknown, min: number, max: number): number | undefined {
    if (given === undefined) return undefined
    const value = integerIn(given, min, max)
    if (value === null) this.#wrong(name, `expected an integer from ${min} to ${max}`)
    return value ?? undefined
  }

  #text(name: string, given: unknown, max: number): string | undefined {
    if (given === undefined) return undefined
    if (typeof given === 'string' && given.length <= max) return given
    this.#wrong(name, `expected one text of at most ${max} characters`)
    return undefined
  }

  /** Nothing but spaces is as good as left out: a search box sends that. */
  #search(given: unknown): string | undefined {
    const text = this.#text('q', given, LIST_LIMITS.text)
    if (!text?.trim()) return undefined
    if (!readSearch(text)) this.#wrong('q', 'has no letter or digit to search for')
    return text
  }

  #count(given: unknown): ListQuery['count'] {
    if (given === undefined || given === 'exact' || given === 'estimate') return given
    this.#wrong('count', 'expected exact or estimate')
    return undefined
  }

  #wrong(path: string, message: string): void {
    this.issues.push({ path: path.slice(0, 100), message })
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V })
}
