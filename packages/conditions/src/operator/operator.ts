import type { JsonOperator } from '@clientele/core'
import type { Expression, SqlBool } from 'kysely'
import type * as z from 'zod'
import type { EditorInput } from '../editor.ts'
import type { Environment } from '../environment.ts'
import type { SqlScope } from '../sql-scope.ts'

/**
 * What a compared value is. `amount` is money in minor units, asked for in major ones; `date` a text in ISO form,
 * `array` a list in JSON, `json` any value in JSON.
 */
export type FieldKind =
  | 'text'
  | 'enum'
  | 'integer'
  | 'number'
  | 'amount'
  | 'boolean'
  | 'timestamp'
  | 'date'
  | 'array'
  | 'json'

/** A comparison of one value with a constant, in both back ends. */
export interface Operator {
  readonly name: string
  readonly kinds: readonly FieldKind[]
  /** What an editor asks for as the leaf's `value`. */
  readonly input: EditorInput
  /** The exact complement of another operator: met whenever that one is not, also where the value is missing. */
  readonly negates?: string
  /** What the leaf's `value` must be; null when it takes none. `item` validates one value of the field's kind. */
  value(item: z.ZodType): z.ZodType | null
  /** True for rows whose value compares; NULL or false for others. */
  compile(column: Expression<unknown>, value: unknown, scope: SqlScope): Expression<SqlBool>
  /** True exactly where the operator is not met, missing values included; never NULL. @default made from `compile` */
  complement?(column: Expression<unknown>, value: unknown): Expression<SqlBool>
  /** In JSON columns: the comparison that databases do without taking the value out first. */
  readonly json?: JsonOperator
  /** Its SQL looks at every character, see `ConditionType.costly`. @default false */
  readonly costly?: boolean
  /** The value names another field of the same kind, whose value is compared with. @default false */
  readonly withField?: boolean
  /** The same in memory, for a value that is not missing. */
  evaluate(actual: unknown, value: unknown, environment: Environment): boolean
  /** When the answer may next differ as time goes by, see `ConditionType.nextChangeAt`. @default never */
  nextChangeAt?(actual: unknown, value: unknown, environment: Environment): number | null
}
