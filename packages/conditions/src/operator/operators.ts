import { calendarOperators } from './calendar-operators.ts'
import { jsonOperators } from './json-operators.ts'
import { listOperators } from './list-operators.ts'
import type { FieldKind, Operator } from './operator.ts'
import { orderOperators } from './order-operators.ts'
import { textOperators } from './text-operators.ts'
import { rangeOperators } from './range-operators.ts'
import { valueOperators } from './value-operators.ts'

export { fieldOperators } from './value-operators.ts'

const OPERATORS: readonly Operator[] = [
  ...valueOperators,
  ...textOperators,
  ...orderOperators,
  ...rangeOperators,
  ...calendarOperators,
  ...listOperators,
  ...jsonOperators,
]

/** All of them: what columns and JSON have in common. */
export const allOperators: readonly Operator[] = OPERATORS

/** The operators of a kind, in the order an editor shows them. */
export function operatorsOf(kind: FieldKind): readonly Operator[] {
  return OPERATORS.filter((operator) => operator.kinds.includes(kind))
}

/** An operator by name; undefined when the kind does not have it. */
export function findOperator(name: string, kind: FieldKind): Operator | undefined {
  return OPERATORS.find((operator) => operator.name === name && operator.kinds.includes(kind))
}
