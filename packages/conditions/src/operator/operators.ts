import type { FieldKind, Operator } from './operator.ts'
import { orderOperators } from './order-operators.ts'
import { textOperators } from './text-operators.ts'
import { timeOperators } from './time-operators.ts'
import { valueOperators } from './value-operators.ts'

const OPERATORS: readonly Operator[] = [
  ...valueOperators,
  ...textOperators,
  ...orderOperators,
  ...timeOperators,
]

/** The operators of a kind, in the order an editor shows them. */
export function operatorsOf(kind: FieldKind): readonly Operator[] {
  return OPERATORS.filter((operator) => operator.kinds.includes(kind))
}

/** An operator by name; undefined when the kind does not have it. */
export function findOperator(name: string, kind: FieldKind): Operator | undefined {
  return OPERATORS.find((operator) => operator.name === name && operator.kinds.includes(kind))
}
