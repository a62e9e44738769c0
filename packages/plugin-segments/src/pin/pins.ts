import { touchFacts } from '@clientele/conditions'
import { coreErrors, defineService, type Ctx, type Timestamp, type Tx } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { pinFact } from '../definition/definition.ts'
import { pinRanked } from './pin-ranked.ts'
import { Memberships } from '../membership/memberships.ts'
import { Segment } from '../segment/segment.entity.ts'
import { segmentsErrors } from '../segments.errors.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { SegmentPin, type SegmentPinRow } from './pin.entity.ts'

/** What putting somebody in or out takes. */
export interface NewPin {
  readonly customerId: string
  readonly mode: 'include' | 'exclude'
  readonly reason?: string | null | undefined
  /** From then on the condition decides again. @default never */
  readonly expiresAt?: Timestamp | null | undefined
}

/** Puts customers into segments and out of them by hand. */
export interface PinsService {
  /**
   * Says that a customer is in a segment or is not, whatever its condition answers; an earlier pin of the customer is
   * replaced. It holds at once, and through every recompute. Where the condition ranks customers, the end of a pin is
   * seen by the next ranking.
   * @throws `entity.not_found`, `segments.not_pinned` for a segment that does not follow facts
   */
  set(t: Tx, segmentId: string, pin: NewPin): Promise<SegmentPinRow>
  /** Lets the condition decide again. @throws `entity.not_found` */
  remove(t: Tx, segmentId: string, customerId: string): Promise<void>
}

/** The service: `ctx.get(Pins)`. */
export const Pins = defineService<PinsService>('segments.pins')

export function createPinsService(): PinsService {
  return { set, remove }
}

async function set(t: Tx<AudienceTables>, segmentId: string, pin: NewPin): Promise<SegmentPinRow> {
  const segment = await t.repo(Segment).get(segmentId)
  const { kind } = segment
  if (kind !== 'dynamic' && kind !== 'manual')
    throw segmentsErrors['segments.not_pinned']({ id: segmentId, kind })
  if (!segment.hasPins) await allowPins(t, segmentId)
  const { customerId, mode, reason = null, expiresAt = null } = pin
  await t.lock(Customer, [customerId])
  await t.repo(Customer).get(customerId)
  const values = { mode, reason, expiresAt, pinnedBy: by(t) }
  const known = await pinOf(t, segmentId, customerId)
  const row = known
    ? await t.repo(SegmentPin).patch(known.id, values)
    : await t.repo(SegmentPin).insert({ segmentId, customerId, ...values })
  touchFacts(t, [customerId], [pinFact(segmentId)])
  await pinRanked(t, segment, { customerId, member: mode === 'include' })
  return row
}

async function remove(t: Tx<AudienceTables>, segmentId: string, customerId: string): Promise<void> {
  await t.repo(Segment).get(segmentId)
  await t.lock(Customer, [customerId])
  const known = await pinOf(t, segmentId, customerId)
  if (!known) throw coreErrors['entity.not_found']({ entity: 'segmentPins', id: customerId })
  await t.repo(SegmentPin).remove(known.id)
  touchFacts(t, [customerId], [pinFact(segmentId)])
}

/** Pins are looked for in segments that ever had one. */
function allowPins(t: Tx<AudienceTables>, segmentId: string): Promise<unknown> {
  return t
    .get(Memberships)
    .definitions.change(t, () =>
      t.projection('whether pins are looked for belongs to no version', (db) =>
        db.updateTable('segments').set({ hasPins: true }).where('id', '=', segmentId).execute(),
      ),
    )
}

function pinOf(
  t: Tx<AudienceTables>,
  segmentId: string,
  customerId: string,
): Promise<{ readonly id: string } | undefined> {
  return t.db
    .selectFrom('segmentPins')
    .select('id')
    .where('segmentId', '=', segmentId)
    .where('customerId', '=', customerId)
    .executeTakeFirst()
}

/** Who acts, as it is written down. */
export function by({ actor }: Ctx): string {
  return actor.kind === 'system' ? 'system' : `${actor.kind} ${actor.id}`.slice(0, 200)
}
