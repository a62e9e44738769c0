import type { Leaf } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import { Membership, Segment } from '@clientele/plugin-segments'
import type { SeededRandom } from '@clientele/testing'
import { randomDuration, randomInstant } from './instants.fixture.ts'

/** Ids are chosen by hand: leaves name segments before these are written. */
const SEGMENTS = [1, 2, 3].map((n) => `01890a5d-ac96-774b-bcce-b30209900${n}57`)
const NOBODY_KNOWS = '01890a5d-ac96-774b-bcce-b30209999957'

/** Stays of customers in segments, past and present, begun on the edges of windows. */
export function populateMemberships(
  ctx: Ctx,
  random: SeededRandom,
  customerIds: readonly string[],
): Promise<void> {
  return ctx.tx(async (t) => {
    await t.repo(Segment).insertMany(
      SEGMENTS.map((id, place) => ({
        ...{ id, name: `Stays ${place}`, condition: { all: [] }, kind: 'manual' as const },
      })),
    )
    const stays = SEGMENTS.flatMap((segmentId) =>
      customerIds.flatMap((customerId) => {
        const count = Math.floor(random.number() * 4)
        const edges = Array.from({ length: 2 * count }, () => randomInstant(random)).toSorted()
        const isIn = random.number() < 0.5
        return Array.from({ length: count }, (_, place) => {
          const isCurrent = isIn && place === count - 1
          return {
            ...{ segmentId, customerId, enteredAt: edges[2 * place]!, enteredBy: 'facts' as const },
            leftAt: isCurrent ? null : edges[2 * place + 1]!,
            leftBy: isCurrent ? null : ('time' as const),
          }
        })
      }),
    )
    for (let from = 0; from < stays.length; from += 500)
      await t.repo(Membership).insertMany(stays.slice(from, from + 500))
  })
}

/** A leaf about one of these segments, or about one that nobody was ever in. */
export function randomMembershipLeaf(random: SeededRandom): Leaf {
  const segment = random.pick([...SEGMENTS, ...SEGMENTS, NOBODY_KNOWS])
  const membership = random.pick(['is', 'enteredWithin', 'for', 'ever'])
  const isTimed = membership === 'enteredWithin' || membership === 'for'
  return { type: 'segment', segment, membership, ...(isTimed ? { value: randomDuration(random) } : {}) }
}
