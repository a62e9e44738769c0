import type { Tx } from '@clientele/core'
import { environmentOf } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import { define, isRanking, segmentFact } from '../definition/definition.ts'
import { announce } from '../membership/announce.ts'
import { keepDecisions } from '../membership/keep-decisions.ts'
import { Memberships } from '../membership/memberships.ts'
import { settle } from '../membership/settle.ts'
import type { SegmentRow } from '../segment/segment.entity.ts'

/** Where customers are ranked no fact decides, a pin neither: it is written at once, and every ranking leaves it be. */
export async function pinRanked(
  t: Tx,
  segment: SegmentRow,
  pinned: { readonly customerId: string; readonly member: boolean },
): Promise<void> {
  const language = languageOf(t)
  if (segment.kind === 'manual' || !isRanking(language, language.parse(segment.condition))) return
  const set = await t.get(Memberships).definitions.current(t)
  const defined = define(language, { ...segment, hasPins: false }, await environmentOf(t))
  const because = { by: 'pin', with: null } as const
  const decision = { ...pinned, definition: { ...defined, level: set.height }, next: null }
  const changes = await keepDecisions(t, [decision], () => because)
  if (changes.length === 0) return
  const asked = set.dependents([segmentFact(segment.id)])
  const followed = await settle(t, set, { ids: [pinned.customerId], asked, because })
  await announce(t, set, [...changes, ...followed])
}
