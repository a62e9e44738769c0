import { toTimestamp, type Timestamp } from '@clientele/core'
import type { Condition, Leaf } from '../condition.ts'
import type { Facts } from '../facts/facts.ts'
import type { Description } from '../words.ts'
import { leafChangeAt } from './evaluate.ts'
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
  /** How many parts are met. */
  readonly metParts: number
  /** The first instant at which the answer may differ although nothing happens; null when it stays. */
  readonly changesAt: Timestamp | null
  readonly parts: readonly Explanation[]
}

/** A leaf, with the value that decided. */
export interface ExplainedLeaf {
  readonly leaf: Leaf
  readonly met: boolean
  /** The value that decided; null when the customer has none. */
  readonly seen: unknown
  readonly description: Description
  /** The first instant at which the answer may differ although nothing happens; null when it stays. */
  readonly changesAt: Timestamp | null
}

/** Answers every node of a condition for one customer. */
export function explainCondition(language: Language, condition: Condition, facts: Facts): Explanation {
  const group = (
    kind: ExplainedGroup['group'],
    of: readonly Condition[],
    isMet: (metParts: number) => boolean,
  ): ExplainedGroup => {
    const parts = of.map((part) => explainCondition(language, part, facts))
    const metParts = parts.filter((part) => part.met).length
    return { group: kind, met: isMet(metParts), metParts, changesAt: earliest(parts), parts }
  }
  return visit<Explanation>(condition, {
    all: (of) => group('all', of, (met) => met === of.length),
    any: (of) => group('any', of, (met) => met > 0),
    not: (of) => group('not', [of], (met) => met === 0),
    atLeast: (count, of) => ({ ...group('atLeast', of, (met) => met >= count), count }),
    leaf: (leaf) => {
      const type = language.typeOf(leaf)
      const changesAt = leafChangeAt(language, leaf, facts)
      return {
        leaf,
        met: type.evaluate(leaf, facts),
        seen: type.seen(leaf, facts) ?? null,
        description: type.describe(leaf),
        changesAt: changesAt === null ? null : toTimestamp(changesAt),
      }
    },
  })
}

function earliest(parts: readonly Explanation[]): Timestamp | null {
  const instants = parts.map((part) => part.changesAt).filter((at) => at !== null)
  return instants.toSorted()[0] ?? null
}
