import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { escapeLike } from '../sql/like-text.ts'
import type { SqlHelpers } from '../sql/sql-helpers.ts'
import { listColumn, type ListColumn } from './list-columns.ts'
import type { ListFilter, ListQuery } from './list-query.ts'

// `any`: the tables are those of whatever entity is listed.
type Builder = ExpressionBuilder<any, any>
type Condition = Expression<SqlBool>

/**
 * Puts a value into a query: the value itself, or the place where a prepared query takes it. Names are those of
 * {@link boundValues}.
 */
export type Bind = (name: string, value: unknown) => unknown

const COMPARISONS = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** Operators whose SQL is the same for every value. */
const SIMPLE: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'gte', 'lt', 'lte'])

/** True when the SQL depends on nothing but names and operators, so that it can be prepared. */
export function isPreparable({ filters, q, skip, where }: ListQuery): boolean {
  return !q && !skip && !where && filters.every(({ operator }) => SIMPLE.has(operator))
}

/** The values of a prepared list, by the names that {@link Bind} is called with. */
export function boundValues(query: ListQuery, keyset: readonly KeysetColumn[]): Record<string, unknown> {
  return Object.fromEntries([
    ...query.filters.map(({ value }, index) => [`f${index}`, value]),
    ...keyset.map(({ value }, index) => [`k${index}`, value]),
  ])
}

/** The conditions of a list's filters. */
export function filterConditions(
  eb: Builder,
  helpers: SqlHelpers,
  registered: RegisteredEntity,
  filters: ListQuery['filters'],
  bind: Bind,
): Condition[] {
  return filters.map((filter, index) => {
    const bound = {
      ...filter,
      value: SIMPLE.has(filter.operator) ? bind(`f${index}`, filter.value) : filter.value,
    }
    return condition(eb, helpers, listColumn(registered, filter.field), bound)
  })
}

function condition(
  eb: Builder,
  helpers: SqlHelpers,
  { ref, column }: ListColumn,
  filter: ListFilter,
): Condition {
  const { operator, value } = filter
  switch (operator) {
    case 'isNull':
      return eb(ref, value === true ? 'is' : 'is not', null)
    case 'ne': {
      const differs = eb(ref, '!=', value)
      // A row without a value is not equal to any.
      return column.nullable ? eb.or([differs, eb(ref, 'is', null)]) : differs
    }
    case 'in':
      return eb(ref, 'in', value as unknown[])
    case 'contains':
      return like(eb, helpers, ref, `%${escapeLike(value as string)}%`)
    case 'startsWith':
      return like(eb, helpers, ref, `${escapeLike(value as string)}%`)
    default:
      return eb(ref, COMPARISONS[operator], value)
  }
}

function like(eb: Builder, helpers: SqlHelpers, ref: string, pattern: string): Condition {
  return helpers.matches(eb.ref(ref) as Expression<string | null>, pattern)
}

/** A column of the order, with the value it had in the last row of the page before. */
export interface KeysetColumn extends ListColumn {
  readonly direction: 'asc' | 'desc'
  readonly value: unknown
}

/**
 * Rows that come after the given one: equal in the first columns, later in the next, for each place where they may
 * part. NULLs come last in both directions, so nothing comes after a NULL in its own column, and NULL comes after
 * every value.
 */
export function afterCondition(eb: Builder, columns: readonly KeysetColumn[], bind: Bind): Condition {
  const bound = columns.map((column, index) => {
    return { ...column, isNull: column.value === null, value: bind(`k${index}`, column.value) }
  })
  const places = bound.flatMap((column, index) => {
    const later = laterThan(eb, column)
    return later ? [eb.and([...bound.slice(0, index).map((before) => same(eb, before)), later])] : []
  })
  const [first] = bound
  const ways = places.length === 1 ? places[0]! : eb.or(places)
  if (!first || bound.length === 1 || first.column.nullable) return ways
  // Says the same once more in a form an index understands: where to begin.
  return eb.and([eb(first.ref, first.direction === 'asc' ? '>=' : '<=', first.value), ways])
}

interface BoundColumn extends KeysetColumn {
  readonly isNull: boolean
}

function laterThan(eb: Builder, { ref, column, direction, value, isNull }: BoundColumn): Condition | null {
  if (isNull) return null
  const later = eb(ref, direction === 'asc' ? '>' : '<', value)
  return column.nullable ? eb.or([later, eb(ref, 'is', null)]) : later
}

function same(eb: Builder, { ref, value, isNull }: BoundColumn): Condition {
  return isNull ? eb(ref, 'is', null) : eb(ref, '=', value)
}
