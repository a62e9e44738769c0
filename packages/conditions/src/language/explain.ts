import type { Condition, Leaf } from '../condition.ts'
import type { Description, Facts } from '../condition-type.ts'
import type { Language } from './language.ts'
import { visit } from './walk.ts'

/** Why a customer is in or not: the condition's tree with an answer at every node. */
export type Explanation = ExplainedGroup | ExplainedLeaf

/** A group, with the answer of each part. */
export interface ExplainedGroup {
  readonly group: 'all' | 'any' | 'not' | 'atLeast'
  readonly met: boolean
  /** How many parts must be met, for `atLeast`. */
  readonly count?: number
  readonly parts: readonly Explanation[]
}

/** A leaf, with the value that decided. */
export interface ExplainedLeaf {
  readonly leaf: Leaf
  readonly met: boolean
  /** The value that decided; null when the customer has none. */
  readonly seen: unknown
  readonly description: Description
}

/** Answers every node of a condition for one customer. */
export function explainCondition(language: Language, condition: Condition, facts: Facts): Explanation {
  const each = (parts: readonly Condition[]): Explanation[] =>
    parts.map((part) => explainCondition(language, part, facts))
  return visit<Explanation>(condition, {
    all: (of) => {
      const parts = each(of)
      return { group: 'all', met: parts.every((part) => part.met), parts }
    },
    any: (of) => {
      const parts = each(of)
      return { group: 'any', met: parts.some((part) => part.met), parts }
    },
    not: (of) => {
      const parts = each([of])
      return { group: 'not', met: !parts[0]!.met, parts }
    },
    atLeast: (count, of) => {
      const parts = each(of)
      return { group: 'atLeast', count, met: parts.filter((part) => part.met).length >= count, parts }
    },
    leaf: (leaf) => {
      const type = language.typeOf(leaf)
      return {
        leaf,
        met: type.evaluate(leaf, facts),
        seen: type.seen(leaf, facts) ?? null,
        description: type.describe(leaf),
      }
    },
  })
}
