import type { Tx } from '@clientele/core'
import type { DefinitionSet } from '../definition/definition-set.ts'
import { SegmentEntered, SegmentLeft } from '../segments.events.ts'
import type { MembershipChange } from './keep-decisions.ts'

/** Tells of changes one by one, but for those of segments that are being recomputed: their run tells of these. */
export async function announce(
  t: Tx,
  definitions: DefinitionSet,
  changes: readonly MembershipChange[],
): Promise<void> {
  for (const { segmentId, customerId, entered } of changes) {
    if (definitions.find(segmentId)?.segment.status === 'computing') continue
    await t.emit(entered ? SegmentEntered : SegmentLeft, { segmentId, customerId })
  }
}
