import { sql, type Expression, type SqlBool } from 'kysely'
import type { Environment, SqlScope } from '../condition-type.ts'
import type { FieldKind, Operator } from '../operator/operator.ts'
import { findOperator } from '../operator/operators.ts'
import { comparisonIssues } from './column-conditions.ts'
import { compileComparison, evaluateComparison } from './comparison.ts'

/**
 * A value inside a JSON column compared with a constant of the same JSON type. The constant decides the type: `"10"` is
 * not met by `is 10`, and a value of another type is as good as missing. `isSet` is met by any type but JSON null.
 */
export interface JsonComparison {
  readonly operator: string
  readonly value?: unknown
}

/** What values in JSON are compared as. */
export type JsonKind = FieldKind & ('text' | 'number' | 'boolean')

/** What is wrong with a comparison from outside. */
export function jsonComparisonIssues(
  comparison: JsonComparison,
): readonly { readonly path: (string | number)[]; readonly message: string }[] {
  const first = firstOf(comparison)
  const kind = jsonKindOf(first)
  if (first === undefined || kind) return comparisonIssues(comparison, { kind: kind ?? 'text' })
  const message = 'expected a text, a number or a boolean, or a list of one of them'
  return [{ path: ['value'], message }]
}

/** SQL that is true when the value at `path` compares or, with `negated`, when it does not; never NULL then. */
export function compileJsonComparison(
  column: Expression<unknown>,
  path: readonly string[],
  comparison: JsonComparison,
  scope: SqlScope,
  negated: boolean,
): Expression<SqlBool> {
  const { kind, operator } = resolve(comparison)
  const { value } = comparison
  const quick =
    operator.json &&
    (scope.sql.jsonCompare(column, path, operator.json, value as string) as Expression<SqlBool>)
  const typed = jsonColumn(scope, column, path, isPresence(operator) ? null : kind)
  return compileComparison({ column: typed, nullable: true, quick }, operator, value, scope, negated)
}

/** The same in memory; `actual` is undefined where the path is absent. */
export function evaluateJsonComparison(
  actual: unknown,
  comparison: JsonComparison,
  environment: Environment,
): boolean {
  const { kind, operator } = resolve(comparison)
  const typed = isPresence(operator) || jsonKindOf(actual) === kind ? actual : undefined
  return evaluateComparison(typed, operator, comparison.value, environment)
}

/** The value at a path of keys; undefined where it is absent. */
export function jsonAt(json: unknown, path: readonly string[]): unknown {
  let value = json
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
      return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

/** The kind a JSON value is compared as; undefined for null, lists and objects. */
export function jsonKindOf(value: unknown): JsonKind | undefined {
  const kinds: Partial<Record<string, JsonKind>> = { string: 'text', number: 'number', boolean: 'boolean' }
  return kinds[typeof value]
}

function resolve(comparison: JsonComparison): { readonly kind: JsonKind; readonly operator: Operator } {
  const kind = jsonKindOf(firstOf(comparison)) ?? 'text'
  return { kind, operator: findOperator(comparison.operator, kind)! }
}

function firstOf({ value }: JsonComparison): unknown {
  return Array.isArray(value) ? value[0] : value
}

/** The value as one of a type, or, for questions of presence, its type's name. */
function jsonColumn(
  { sql: helpers }: SqlScope,
  column: Expression<unknown>,
  path: readonly string[],
  kind: JsonKind | null,
): Expression<unknown> {
  if (kind === 'number') return helpers.json(column, path, 'number')
  if (kind === 'boolean') return helpers.json(column, path, 'boolean')
  if (kind === 'text') return helpers.json(column, path, 'text')
  return sql`nullif(${helpers.jsonType(column, path)}, 'null')`
}

function isPresence(operator: Operator): boolean {
  return operator.name === 'isSet' || operator.negates === 'isSet'
}
