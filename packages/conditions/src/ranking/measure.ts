import type { AnyEntity, Ctx } from '@clientele/core'
import type { Expression, SelectQueryBuilder } from 'kysely'
import type * as z from 'zod'
import type { Facts } from '../facts/facts.ts'
import type { SqlScope } from '../sql-scope.ts'
import type { Advice } from '../words.ts'
import type { Collection } from '../facts/collection.ts'
import type { FactKey } from '../facts/fact-watchers.ts'

/** Which number of a customer is meant: a leaf without its comparison. `{ type: 'orders', field: 'revenue' }` */
export interface MeasuredBy {
  readonly type: string
  readonly [parameter: string]: unknown
}

/**
 * The numbers that the leaves of a condition type compare, for ranking customers by them. As leaves have, a measure has
 * two back ends that must agree: for every customer `compile` gives the number that `evaluate` does.
 */
export interface Measure<M extends MeasuredBy = MeasuredBy> {
  /** What a leaf says besides its comparison; refuses all else. */
  readonly schema: z.ZodType<M>
  /** The extensions of the subject whose row is read. */
  needs(by: M): readonly AnyEntity[]
  /** The rows of other entities that the evaluator reads. @default none */
  reads?(by: M): readonly Collection<any>[]
  /** The facts that the number hangs on. */
  dependsOn(by: M): readonly FactKey[]
  compile(by: M, scope: SqlScope): Measured
  /** Null for a customer who has no such number: nobody is ranked by what is missing. */
  evaluate(by: M, facts: Facts): number | null
  /** It is money, in minor units of the reporting currency. @default false */
  isMoney?(by: M): boolean
  /** What to warn of before somebody is ranked by it. @default nothing */
  advise?(by: M, ctx: Ctx): Promise<readonly Advice[]>
  /** The JSON Schema of `by`, where `schema` cannot say it all. @default made from `schema` */
  jsonSchema?(): Readonly<Record<string, unknown>>
  readonly examples: readonly M[]
}

/**
 * Where the numbers stand: in a column of the subject or of an extension that the measure needs, NULL where there is
 * none; or in rows of their own, with `id` and `value`, each customer at most once.
 */
export type Measured =
  | { readonly column: Expression<unknown> }
  // `any`: of any tables.
  | { readonly rows: SelectQueryBuilder<any, any, { id: any; value: any }> }
