import { expressionBuilder, type Expression, type SqlBool } from 'kysely'
import type { SqlScope } from '../sql-scope.ts'

const eb = expressionBuilder<any, any>()

/** More values than this are one parameter. */
const FEW = 50

/** `column in (…)`. A condition may have 200 lists of 1,000: more parameters than a statement can have. */
export function isAnyOf(
  column: Expression<unknown>,
  values: readonly unknown[],
  scope: SqlScope,
): Expression<SqlBool> {
  if (values.length <= FEW) return eb(column, 'in', values)
  if (typeof values[0] === 'string') return scope.sql.anyOf(column, 'text', values)
  return scope.sql.anyOf(column, values.every(Number.isSafeInteger) ? 'integer' : 'real', values)
}
