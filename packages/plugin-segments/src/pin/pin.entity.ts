import { col, defineEntity, type RowOf } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import * as z from 'zod'
import { Segment } from '../segment/segment.entity.ts'
import { pinModes } from './pin-mode.ts'

/** Says by hand whether a customer is in a segment, whatever its condition answers. */
export const SegmentPin = defineEntity(
  'segmentPins',
  {
    segmentId: col.ref(() => Segment, { onDelete: 'cascade' }).filterable(),
    customerId: col
      .ref(() => Customer, { onMerge: 'keep', onErase: 'delete', onDelete: 'cascade' })
      .filterable(),
    mode: col.enum(pinModes).filterable(),
    reason: col.text(z.string().max(500)).nullable(),
    expiresAt: col.timestamp().nullable().describe('From then on the condition decides again'),
    pinnedBy: col.text(z.string().max(200)).describe('Who did it'),
  },
  {
    live: false,
    indexes: [{ on: ['segmentId', 'customerId'], unique: true }],
    description: 'Who is in a segment or not by hand.',
  },
)

/** A pin as `t.repo` and the wire show one. */
export interface SegmentPinRow extends RowOf<typeof SegmentPin> {}
