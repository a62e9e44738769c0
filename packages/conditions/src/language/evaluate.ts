import type { Condition } from '../condition.ts'
import type { Facts } from '../condition-type.ts'
import type { Language } from './language.ts'
import { visit } from './walk.ts'

/** Whether one customer meets a condition; agrees with the SQL for every customer. */
export function evaluateCondition(language: Language, condition: Condition, facts: Facts): boolean {
  const met = (part: Condition): boolean => evaluateCondition(language, part, facts)
  return visit(condition, {
    all: (parts) => parts.every(met),
    any: (parts) => parts.some(met),
    not: (part) => !met(part),
    atLeast: (count, parts) => parts.filter(met).length >= count,
    leaf: (leaf) => language.typeOf(leaf).evaluate(leaf, facts),
  })
}
