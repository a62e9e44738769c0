import { unknownName } from '../language/nearest.ts'
import type { Operator } from '../operator/operator.ts'
import { operatorsOf } from '../operator/operators.ts'
import { valueSchema, type Field } from './field.ts'

/** One wrong place of a rule. */
export interface ComparisonIssue {
  readonly path: (string | number)[]
  readonly message: string
}

interface Comparison {
  readonly operator: string
  readonly value?: unknown
}

/**
 * What is wrong with a leaf's operator and value, for a field of that kind.
 *
 * @param known the operators that the leaf may have
 */
export function comparisonIssues(
  leaf: Comparison,
  field: Pick<Field, 'kind' | 'values'>,
  known: readonly Operator[] = operatorsOf(field.kind),
): readonly ComparisonIssue[] {
  const operator = known.find(({ name }) => name === leaf.operator)
  return operator ? valueIssues(leaf, operator, field) : [unknownOperator(leaf, known)]
}

/** What is wrong with a leaf's value, for an operator of that kind. */
export function valueIssues(
  { value }: Comparison,
  operator: Operator,
  { kind, values }: Pick<Field, 'kind' | 'values'>,
): readonly ComparisonIssue[] {
  const schema = operator.value(valueSchema(kind, values))
  if (!schema)
    return value === undefined ? [] : [{ path: ['value'], message: `"${operator.name}" takes no value` }]
  const parsed = schema.safeParse(value)
  if (parsed.success) return []
  return parsed.error.issues.map((issue) => ({
    path: ['value', ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
    message: issue.message,
  }))
}

/** An operator that none of the known ones is. */
export function unknownOperator({ operator }: Comparison, known: readonly Operator[]): ComparisonIssue {
  const names = [...new Set(known.map(({ name }) => name))]
  return { path: ['operator'], message: unknownName('operator', operator, names) }
}
