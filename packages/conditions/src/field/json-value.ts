import type { Expression, SqlBool } from 'kysely'
import type { Environment } from '../environment.ts'
import type { SqlScope } from '../sql-scope.ts'
import { allOperators } from '../operator/operators.ts'
import type { ComparisonIssue } from './comparison-issues.ts'
import { hasElementOperators } from './element-operators.ts'
import { createJsonComparisons, type JsonComparison, type JsonComparisons } from './json-comparisons.ts'

/** What can be asked of a value inside a JSON column. */
export const jsonComparisons: JsonComparisons = createJsonComparisons(
  ['json', 'text', 'number', 'boolean', 'array', 'date'],
  [...allOperators, ...hasElementOperators],
)

/** What is wrong with a comparison from outside. */
export function jsonComparisonIssues(comparison: JsonComparison): readonly ComparisonIssue[] {
  return jsonComparisons.issues(comparison)
}

/** SQL that is true when the value at `path` compares or, with `negated`, when it does not; never NULL then. */
export function compileJsonComparison(
  column: Expression<unknown>,
  path: readonly string[],
  comparison: JsonComparison,
  scope: SqlScope,
  negated: boolean,
): Expression<SqlBool> {
  return jsonComparisons.compile(column, path, comparison, scope, negated)
}

/** The same in memory; `actual` is undefined where the path is absent. */
export function evaluateJsonComparison(
  actual: unknown,
  comparison: JsonComparison,
  environment: Environment,
): boolean {
  return jsonComparisons.evaluate(actual, comparison, environment)
}

/** When the answer for a value may next differ as time goes by; null when it stays for ever. */
export function nextJsonChange(
  actual: unknown,
  comparison: JsonComparison,
  environment: Environment,
): number | null {
  return jsonComparisons.nextChangeAt(actual, comparison, environment)
}

/** True when {@link nextJsonChange} ever answers for this comparison. */
export function isTimedJson(comparison: JsonComparison): boolean {
  return jsonComparisons.isTimed(comparison)
}
