import { ownerOf, type SqlScope, type Window } from '@clientele/conditions'
import { sql, type Expression, type SelectQueryBuilder, type SqlBool } from 'kysely'

/** An answer about each customer's rows of another table, found for all customers at once. */
export interface SetAnswer {
  /** The rows, without a select list. */
  // `any`: queries over tables that are known only at run time.
  readonly rows: SelectQueryBuilder<any, any, {}>
  /** The column with the customer's id: `events.customerId`. */
  readonly owner: string
  /** The window that narrows the rows. @default none does */
  readonly within?: Window | undefined
  /** The answer for customers without a row. */
  readonly none: boolean
  /** The answer for customers with rows, over a group of them: a constant, or a predicate that may be NULL for no. */
  readonly some: boolean | Expression<SqlBool>
}

/**
 * The customers with that answer, as one set: those found, or all but those found, whichever names only customers with
 * rows.
 */
export function compileSetAnswer(
  { rows, owner: column, within, none, some }: SetAnswer,
  scope: SqlScope,
  negated: boolean,
): Expression<SqlBool> {
  const wanted = !negated
  const owner = ownerOf(column, within, scope)
  if (typeof some === 'boolean') {
    if (some === none) return some === wanted ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`
    return scope.sql.among(scope.id, rows.select(owner.as('id')), some !== wanted)
  }
  // Those without rows are in: leave out the others who are not.
  const isExcept = none === wanted
  const predicate = isExcept === wanted ? sql<SqlBool>`(not coalesce(${some}, false))` : some
  const found = rows
    .select(owner.as('id'))
    .groupBy(owner)
    .having(() => predicate)
  return scope.sql.among(scope.id, found, isExcept)
}
