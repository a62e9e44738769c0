import type { Leaf } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import type { SeededRandom } from '@clientele/testing'
import {
  populateCommerce as populate,
  randomCommerceLeaf as randomLeaf,
} from '../../packages/plugin-orders/src/condition/commerce.fixture.ts'
import { NOWS } from './instants.fixture.ts'

/** A question about orders, refunds or what was bought. */
export function randomCommerceLeaf(random: SeededRandom): Leaf {
  return randomLeaf(random, random.pick(NOWS))
}

/** Orders, lines and refunds on the edges of what is asked, and metrics that are what these add up to. */
export function populateCommerce(
  ctx: Ctx,
  random: SeededRandom,
  customerIds: readonly string[],
): Promise<void> {
  return ctx.tx((t) => populate(t, random, { customerIds, nows: NOWS }))
}
