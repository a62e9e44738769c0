import type { AnyEntity, SqlHelpers } from '@clientele/core'
import type { Expression, Kysely, SelectQueryBuilder } from 'kysely'
import type { Environment } from './environment.ts'

/** What the compiler needs of a context. */
export interface CompileTarget {
  // `any`: the subject's table is known only at run time.
  readonly db: Kysely<any>
  /** As `db`, and sees removed rows. */
  readonly dbWithRemoved: Kysely<any>
  readonly sql: SqlHelpers
}

/** What a SQL compiler may use. Columns are those of the subject and its extensions. */
export interface SqlScope extends Environment {
  readonly sql: SqlHelpers
  /** A column of the subject or of an extension named in {@link ConditionType.needs}. */
  column(entity: AnyEntity, property: string): Expression<unknown>
  /** The subject's id, to tie rows of other entities to it. */
  readonly id: Expression<string>
  /**
   * A sub-query over another entity's rows, without a select list. When only some customers are asked about, it is
   * already narrowed to theirs by `owner`, the property that refers to the subject.
   *
   * @example
   * eb(scope.id, 'in', scope.rowsOf(Order, 'customerId').where('orders.total', '>', 5).select('orders.customerId'))
   */
  rowsOf(entity: AnyEntity, owner: string): SelectQueryBuilder<any, any, {}>
  /** Only customers of a list are asked about: their rows are best found by customer, whatever else the query names. */
  readonly isNarrowed: boolean
  /** The same over all customers, whoever is asked about: for types of population scope. */
  everybody(): SqlScope
  /** Which part of all customers `everybody` is, from 0 to 1: less than 1 where a sample stands for all. */
  readonly share: number
  /** A sub-query over an entity that is about no subject, such as products: removed rows as well, as they once were. */
  rows(entity: AnyEntity): SelectQueryBuilder<any, any, {}>
}
