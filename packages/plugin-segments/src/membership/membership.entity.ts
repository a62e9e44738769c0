import { col, defineEntity, type RowOf } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import * as z from 'zod'
import { Segment } from '../segment/segment.entity.ts'

/**
 * Why somebody came or went.
 * - `facts`: what is known about them changed; the fact keys stand beside it
 * - `time`: a window moved on
 * - `recompute`: the segment was evaluated for everybody; the run stands beside it
 * - `pin`: somebody put them in or out by hand, or such a pin ended
 */
export const membershipCauses = ['facts', 'time', 'recompute', 'pin'] as const
export type MembershipCause = (typeof membershipCauses)[number]

/** A stay of a customer in a segment: whoever has one that has not ended is a member. */
export const Membership = defineEntity(
  'memberships',
  {
    segmentId: col.ref(() => Segment, { onDelete: 'cascade' }),
    customerId: col.ref(() => Customer, { onMerge: 'keep', onErase: 'delete', onDelete: 'cascade' }),
    enteredAt: col.timestamp(),
    enteredBy: col.enum(membershipCauses),
    enteredWith: col.text(z.string().max(500)).nullable().describe('Fact keys, or the id of the run'),
    leftAt: col.timestamp().nullable(),
    leftBy: col.enum(membershipCauses).nullable(),
    leftWith: col.text(z.string().max(500)).nullable(),
  },
  {
    live: false,
    audited: false,
    derived: true,
    indexes: [{ on: ['segmentId', 'customerId'], unique: true, where: 'left_at IS NULL' }],
    description: 'Stays of customers in segments, past and present.',
  },
)

/** A stay as queries answer one. */
export interface MembershipRow extends RowOf<typeof Membership> {}
