import type { Condition, Leaf } from '../condition.ts'
import type { Facts } from '../facts/facts.ts'
import type { Language } from './language.ts'
import { leavesOf, visit } from './walk.ts'

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

/** No timestamp says more: what changes after the year 9999 does not change. */
const LAST_INSTANT = Date.parse('9999-12-29T00:00:00Z')

/**
 * The first instant after `facts.now` at which the answer may differ although no fact changes; null when it stays for
 * ever. Never too late: asked again then, the answer is exact at every instant.
 */
export function nextChangeAt(language: Language, condition: Condition, facts: Facts): number | null {
  let next: number | null = null
  for (const leaf of leavesOf(condition)) {
    const at = leafChangeAt(language, leaf, facts)
    if (at !== null && (next === null || at < next)) next = at
  }
  return next
}

/** The same for one leaf. */
export function leafChangeAt(language: Language, leaf: Leaf, facts: Facts): number | null {
  const at = language.typeOf(leaf).nextChangeAt?.(leaf, facts) ?? null
  return at === null || at > LAST_INSTANT ? null : at
}
