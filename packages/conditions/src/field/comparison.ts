import { expressionBuilder, sql, type Expression, type SqlBool } from 'kysely'
import type { Environment } from '../environment.ts'
import type { SqlScope } from '../sql-scope.ts'
import type { Operator } from '../operator/operator.ts'

const eb = expressionBuilder<any, any>()

interface Compared {
  readonly column: Expression<unknown>
  readonly nullable: boolean
  /** The column is taken out of JSON: said once rather than asked again whether it is missing. @default false */
  readonly computed?: boolean
  /** A cheaper way of saying what `operator.compile` says. */
  readonly quick?: Expression<SqlBool> | undefined
}

/** SQL for `column operator value`; an operator that negates another compiles to that one's complement. */
export function compileComparison(
  { column, nullable, quick, computed = false }: Compared,
  operator: Operator,
  value: unknown,
  scope: SqlScope,
  negated: boolean,
): Expression<SqlBool> {
  const positive = quick ?? operator.compile(column, value, scope)
  if (negated === (operator.negates !== undefined)) return positive
  if (nullable && operator.complement) return operator.complement(column, value)
  // IS NOT NULL never answers NULL, so its plain negation is its complement.
  const decided = operator.name === 'isSet' || operator.negates === 'isSet'
  if (nullable && !decided && (computed || operator.costly)) return sql<SqlBool>`(${positive} is not true)`
  return nullable && !decided ? eb.or([eb.not(positive), eb(column, 'is', null)]) : eb.not(positive)
}

/** The same in memory. */
export function evaluateComparison(
  actual: unknown,
  operator: Operator,
  value: unknown,
  environment: Environment,
): boolean {
  const positive = actual !== null && actual !== undefined && operator.evaluate(actual, value, environment)
  return operator.negates === undefined ? positive : !positive
}
