import type { AliasedExpression, Expression, ExpressionWrapper, SelectQueryBuilder, SqlBool } from 'kysely'
import type { SqlType } from '../storage/physical.ts'

/**
 * SQL that differs between databases, and typed parameters for raw fragments. Raw `sql` may name columns and
 * functions, never tables.
 */
export interface SqlHelpers {
  /** A bound parameter encoded as that type; needed only inside raw fragments and function calls. */
  value<T>(type: SqlType, value: T): Expression<T>
  /** An expression whose result is decoded as `type`: `max(created_at)` in a raw fragment, a computed instant. */
  as<T, A extends string>(expression: Expression<T>, type: SqlType, alias: A): AliasedExpression<T, A>
  /**
   * A column as the outermost query answers it: it may travel in the form that is cheapest to read (on SQLite a UUID
   * as text instead of a blob, half the cost), so nothing in the query may compare with it.
   */
  result<A extends string>(column: Expression<unknown>, type: SqlType, alias: A): AliasedExpression<any, A>
  /** A scalar out of a JSON column; null when the path is absent or holds another type. */
  json(
    column: Expression<unknown>,
    path: readonly string[],
    as: 'text',
  ): ExpressionWrapper<any, any, string | null>
  json(
    column: Expression<unknown>,
    path: readonly string[],
    as: 'number',
  ): ExpressionWrapper<any, any, number | null>
  json(
    column: Expression<unknown>,
    path: readonly string[],
    as: 'boolean',
  ): ExpressionWrapper<any, any, boolean | null>
  /**
   * A scalar of a JSON column compared with a constant: false or null where the path is absent or holds another type
   * than the constant's. The same as comparing {@link SqlHelpers.json}, and cheaper. Texts and booleans take `=` only.
   */
  jsonCompare(
    column: Expression<unknown>,
    path: readonly string[],
    operator: JsonOperator,
    value: string | number | boolean,
  ): ExpressionWrapper<any, any, boolean | null>
  /** `text`, `number`, `boolean`, `array`, `object`, `null`, or SQL NULL when the path is absent. */
  jsonType(column: Expression<unknown>, path: readonly string[]): ExpressionWrapper<any, any, string | null>
  /** What stands at a path of a JSON column, for the helpers that take a JSON column. */
  jsonAt(column: Expression<unknown>, path: readonly string[]): Expression<unknown>
  /**
   * True when an element of the list at the path fits; false where there is no list. `element` is a JSON column to the
   * other helpers, its own value at the empty path. Lists within lists take no second `anyElement`.
   */
  anyElement(
    column: Expression<unknown>,
    path: readonly string[],
    fits: (element: Expression<unknown>) => Expression<SqlBool>,
  ): ExpressionWrapper<any, any, boolean>
  /** How many elements the list at the path has; null where there is no list. */
  jsonLength(column: Expression<unknown>, path: readonly string[]): ExpressionWrapper<any, any, number | null>
  /**
   * The text where it is an ISO-8601 date (`2026-01-31`) or an instant in UTC (`2026-01-31T09:30:00Z`, any fraction,
   * `+00:00` too), without its zone; null where it is anything else. Compares byte by byte, which is in time's order.
   */
  isoText(text: Expression<string | null>): ExpressionWrapper<any, any, string | null>
  /** `2026-01-31T09:30`: what a clock shows that is so many milliseconds ahead of UTC. */
  wallText(
    instant: Expression<unknown>,
    offset: Expression<number>,
  ): ExpressionWrapper<any, any, string | null>
  /** Lower-cases A to Z only, the same on every database. */
  foldAscii(text: Expression<string | null>): ExpressionWrapper<any, any, string | null>
  /**
   * The id of row `number` (1 to 2^24 - 1) of those that one statement makes: a UUIDv7 of the time and of the random end
   * of `base`, a fresh id; those of one base sort by their number.
   */
  numberedId(base: string, number: Expression<number>): ExpressionWrapper<any, any, string>
  /** `column IN (…)` over any number of values, in one parameter; a prepared query's parameter holds the list. */
  anyOf(
    column: Expression<unknown>,
    type: SqlType,
    values: readonly unknown[] | Expression<unknown>,
  ): ExpressionWrapper<any, any, boolean>
  /**
   * Whether a column is among the values of a sub-query's column `id`, or with `negated` is not. Neither may hold NULL.
   * As each database does it fastest: a set that is looked up in, or a join.
   */
  among(
    column: Expression<unknown>,
    ids: SelectQueryBuilder<any, any, { id: any }>,
    negated?: boolean,
  ): ExpressionWrapper<any, any, boolean>
  /**
   * A predicate that PostgreSQL asks of each row, and never makes a join of: to plan hundreds of joins takes it seconds.
   */
  apart(predicate: Expression<unknown>): ExpressionWrapper<any, any, boolean>
  /**
   * Whether a row is one of a sample: about `share` of all rows, 0 to 1, by the random end of its id. Always the same
   * rows, and those of a smaller share are among those of a larger one.
   */
  sampled(id: Expression<unknown>, share: number): ExpressionWrapper<any, any, boolean>
  /** The last 28 bits of an id as a whole number, the same on every database. */
  idNumber(id: Expression<unknown>): ExpressionWrapper<any, any, number>
  /** An instant, so many milliseconds later, or earlier when they are negative. */
  shifted(instant: Expression<unknown>, milliseconds: number): ExpressionWrapper<any, any, any>
  /**
   * A column by which SQLite looks up no index: where another column narrows the rows more than it can know.
   * PostgreSQL decides by its statistics, and sees the column as it is.
   */
  unindexed(column: Expression<unknown>): ExpressionWrapper<any, any, any>
  /**
   * Of two expressions with the same value the one that the database is quicker with. `each` looks up rows of another
   * table for every row of the query, which suits SQLite: it joins by indexes only. `once` goes through all of them one
   * time, which PostgreSQL does by hashing.
   */
  eachOrOnce<T>(ways: { readonly each: () => T; readonly once: () => T }): T
  /** Matches a pattern of SQL's LIKE whose own wildcards are escaped by a backslash, ASCII case folded. */
  matches(text: Expression<string | null>, pattern: string): ExpressionWrapper<any, any, boolean>
  /** Matches `pattern` with `*` and `?`, ASCII case folded; everything else is literal. */
  like(text: Expression<string | null>, pattern: string): ExpressionWrapper<any, any, boolean>
}

/** What {@link SqlHelpers.jsonCompare} compares by. */
export type JsonOperator = '=' | '>' | '>=' | '<' | '<='
