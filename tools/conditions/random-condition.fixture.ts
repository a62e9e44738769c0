import type { Condition, Leaf } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import type { SeededRandom } from '@clientele/testing'
import { randomAttributeLeaf } from './attributes.fixture.ts'
import { populateCommerce, randomCommerceLeaf } from './commerce.fixture.ts'
import { populateConsents, randomConsentsLeaf } from './consents.fixture.ts'
import { populateEvents, randomEventsLeaf } from './events.fixture.ts'
import { populateMemberships, randomMembershipLeaf } from './memberships.fixture.ts'
import { randomRankingLeaf } from './rankings.fixture.ts'

/** The random questions of one family of condition types. */
export interface Family {
  readonly name: string
  leaf(random: SeededRandom): Leaf
  /** Writes what its types read, about these customers. */
  populate?(ctx: Ctx, random: SeededRandom, customerIds: readonly string[]): Promise<void>
}

/** The families that are asked about; a new one stands in a `*.fixture.ts` of its own. */
export const FAMILIES: readonly Family[] = [
  { name: 'attributes', leaf: randomAttributeLeaf },
  { name: 'events', leaf: randomEventsLeaf, populate: populateEvents },
  { name: 'consents', leaf: randomConsentsLeaf, populate: populateConsents },
  { name: 'commerce', leaf: randomCommerceLeaf, populate: populateCommerce },
  { name: 'memberships', leaf: randomMembershipLeaf, populate: populateMemberships },
  { name: 'rankings', leaf: randomRankingLeaf },
]

/** A tree of groups over random leaves. */
export function randomCondition(random: SeededRandom, leaf: () => Leaf, depth: number): Condition {
  if (depth === 0 || random.number() < 0.4) return leaf()
  const parts = Array.from({ length: 1 + Math.floor(random.number() * 3) }, () =>
    randomCondition(random, leaf, depth - 1),
  )
  return random.pick<() => Condition>([
    () => ({ all: parts }),
    () => ({ any: parts }),
    () => ({ not: parts[0]! }),
    () => ({ atLeast: 1 + Math.floor(random.number() * parts.length), of: parts }),
  ])()
}
