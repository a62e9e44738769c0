import type { Leaf } from '@clientele/conditions'
import type { SeededRandom } from '@clientele/testing'
import { randomAttributeLeaf } from './attributes.fixture.ts'
import { randomCommerceLeaf } from './commerce.fixture.ts'
import { randomEventsLeaf } from './events.fixture.ts'

const MEASURED = ['trait', 'event', 'eventAggregate', 'orders', 'refunds']
const NUMBERS = ['eventCount', 'orderCount', 'grossSpend', 'totalSpend', 'averageOrderValue']

/** A question that ranks customers by a number which some other random question compares. */
export function randomRankingLeaf(random: SeededRandom): Leaf {
  const by = randomMeasure(random)
  const count = random.pick([1, 2, 3, 5, 10, 30, 59, 60, 1000])
  const [from, to] = [percent(random), percent(random)].toSorted((a, b) => a - b) as [number, number]
  if (random.number() < 0.5 || from === to)
    return { type: 'top', by, count, direction: random.pick(['highest', 'lowest']) }
  return { type: 'percentile', by, from, to }
}

function percent(random: SeededRandom): number {
  return random.pick([0, 0, 10, 25, 33.33, 50, 66.67, 75, 90, 99.99, 100, 100])
}

function randomMeasure(random: SeededRandom): Leaf {
  const leaf = random.pick([randomAttributeLeaf, randomEventsLeaf, randomCommerceLeaf])(random)
  const { operator: _, value: __, count: ___, within, ...rest } = leaf
  // Most windows are over before anything happened, and leave nobody to rank.
  const by: Leaf = within !== undefined && random.number() < 0.5 ? { ...rest, within } : rest
  const isMeasured = MEASURED.includes(by.type) || NUMBERS.includes(String(by['field']))
  return isMeasured ? by : randomMeasure(random)
}
