import { isoText } from '@clientele/core'
import type { Expression, SqlBool } from 'kysely'
import type { Environment } from '../environment.ts'
import type { SqlScope } from '../sql-scope.ts'
import { jsonTypeOf } from '../operator/json-operators.ts'
import type { FieldKind, Operator } from '../operator/operator.ts'
import { unknownOperator, valueIssues, type ComparisonIssue } from './comparison-issues.ts'
import { compileComparison, evaluateComparison } from './comparison.ts'
import { valueSchema } from './field.ts'

/**
 * A value inside a JSON column compared with a constant. Operator and constant decide the type: `"10"` is not met by
 * `is 10`, and a value of another type is as good as missing. `isSet` is met by any type but JSON null.
 */
export interface JsonComparison {
  readonly operator: string
  readonly value?: unknown
}

/** The kinds that a value in JSON may be compared as, the likelier first. */
export type JsonKind = FieldKind & ('json' | 'text' | 'number' | 'boolean' | 'array' | 'date')

/** What can be asked of values in JSON, given its operators. */
export interface JsonComparisons {
  readonly kinds: readonly JsonKind[]
  /** The operators of a kind, in the order an editor shows them. */
  operatorsOf(kind: JsonKind): readonly Operator[]
  /** What is wrong with a comparison from outside. */
  issues(comparison: JsonComparison): readonly ComparisonIssue[]
  /** SQL that is true when the value at `path` compares or, with `negated`, when it does not; never NULL then. */
  compile(
    column: Expression<unknown>,
    path: readonly string[],
    comparison: JsonComparison,
    scope: SqlScope,
    negated: boolean,
  ): Expression<SqlBool>
  /** The same in memory; `actual` is undefined where the path is absent. */
  evaluate(actual: unknown, comparison: JsonComparison, environment: Environment): boolean
  /** When the answer may next differ as time goes by, see `ConditionType.nextChangeAt`. */
  nextChangeAt(actual: unknown, comparison: JsonComparison, environment: Environment): number | null
  isTimed(comparison: JsonComparison): boolean
  isCostly(comparison: JsonComparison): boolean
}

interface Resolved {
  readonly kind: JsonKind
  readonly operator: Operator
}

/** Makes the comparisons that these operators allow. */
export function createJsonComparisons(
  kinds: readonly JsonKind[],
  operators: readonly Operator[],
): JsonComparisons {
  const operatorsOf = (kind: JsonKind): readonly Operator[] =>
    operators.filter((operator) => operator.kinds.includes(kind))
  const byName = Map.groupBy(
    kinds.flatMap((kind) => operatorsOf(kind).map((operator): Resolved => ({ kind, operator }))),
    ({ operator }) => operator.name,
  )
  /** Of the operators of that name, the one of the first kind that takes the value. */
  const resolve = ({ operator, value }: JsonComparison): Resolved => {
    const named = byName.get(operator)!
    if (named.length === 1) return named[0]!
    return (
      named.find((one) => one.operator.value(valueSchema(one.kind))?.safeParse(value).success) ?? named[0]!
    )
  }
  return {
    kinds,
    operatorsOf,
    issues(comparison) {
      const named = byName.get(comparison.operator)
      if (!named) return [unknownOperator(comparison, kinds.flatMap(operatorsOf))]
      const found = named.map(({ kind, operator }) => valueIssues(comparison, operator, { kind }))
      if (found.some((issues) => issues.length === 0)) return []
      // Of several kinds, the one that the value is of was meant, else the one that gets furthest into it.
      const first: unknown = Array.isArray(comparison.value) ? comparison.value[0] : comparison.value
      const meant = named.findIndex(({ kind }) => kind === jsonTypeOf(first))
      if (meant >= 0) return found[meant]!
      const depths = found.map((issues) => Math.max(...issues.map(({ path }) => path.length)))
      const deepest = Math.max(...depths)
      if (named.length === 1 || deepest > 1) return found[depths.indexOf(deepest)]!
      return [{ path: ['value'], message: `expected ${expectedBy(named)}` }]
    },
    compile(column, path, comparison, scope, negated) {
      const { kind, operator } = resolve(comparison)
      const { value } = comparison
      const quick =
        operator.json &&
        (scope.sql.jsonCompare(column, path, operator.json, value as string) as Expression<SqlBool>)
      const part = partOf(column, path, { kind, scope })
      const compared = { column: part, nullable: true, computed: true, quick }
      return compileComparison(compared, operator, value, scope, negated)
    },
    evaluate(actual, comparison, environment) {
      const { kind, operator } = resolve(comparison)
      return evaluateComparison(asKind(actual, kind), operator, comparison.value, environment)
    },
    nextChangeAt(actual, comparison, environment) {
      const { kind, operator } = resolve(comparison)
      const typed = asKind(actual, kind)
      if (typed === undefined || typed === null) return null
      return operator.nextChangeAt?.(typed, comparison.value, environment) ?? null
    },
    isTimed: (comparison) => resolve(comparison).operator.nextChangeAt !== undefined,
    isCostly: (comparison) => resolve(comparison).operator.costly ?? false,
  }
}

/** The value at a path of keys; undefined where it is absent. Only objects have keys. */
export function jsonAt(json: unknown, path: readonly string[]): unknown {
  let value = json
  for (const key of path) {
    if (jsonTypeOf(value) !== 'object' || !Object.hasOwn(value as object, key)) return undefined
    value = (value as Readonly<Record<string, unknown>>)[key]
  }
  return value
}

function partOf(
  column: Expression<unknown>,
  path: readonly string[],
  { kind, scope }: { readonly kind: JsonKind; readonly scope: SqlScope },
): Expression<unknown> {
  const { sql } = scope
  if (kind === 'number') return sql.json(column, path, 'number')
  if (kind === 'boolean') return sql.json(column, path, 'boolean')
  if (kind === 'text') return sql.json(column, path, 'text')
  if (kind === 'date') return sql.isoText(sql.json(column, path, 'text'))
  return sql.jsonAt(column, path)
}

/** The value where it is of that kind; undefined where it is as good as missing. */
function asKind(value: unknown, kind: JsonKind): unknown {
  if (kind === 'json') return value
  if (kind === 'date') return typeof value === 'string' && isoText(value) !== null ? value : undefined
  return jsonTypeOf(value) === kind ? value : undefined
}

const WORDS: Readonly<Record<JsonKind, string>> = {
  json: 'a value',
  text: 'a text',
  number: 'a number',
  boolean: 'a boolean',
  array: 'a list',
  date: 'a day or an instant',
}

function expectedBy(named: readonly Resolved[]): string {
  const words = named.map(({ kind }) => WORDS[kind])
  const all = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
  const { input } = named[0]!.operator
  if (input === 'list')
    return `a list of one kind: ${all.replaceAll(/\ba /g, '').replaceAll(/(\w)(?=,| or|$)/g, '$1s')}`
  return input === 'pair' ? `two values of one kind: ${all}` : all
}
