import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { segmentKinds } from '../segment/segment-kind.ts'
import { Segment } from '../segment/segment.entity.ts'

/** What a segment's condition was. */
export const SegmentVersion = defineEntity(
  'segmentVersions',
  {
    segmentId: col.ref(() => Segment, { onDelete: 'cascade' }).filterable(),
    number: col.integer(z.int().min(1)),
    condition: col.json(z.record(z.string(), z.unknown())),
    kind: col.enum(segmentKinds),
    savedBy: col.text(z.string().max(200)).describe('Who did it'),
  },
  {
    live: false,
    indexes: [{ on: ['segmentId', 'number'], unique: true }],
    description: 'Versions of a segment’s condition.',
  },
)

/** A version as `t.repo` and the wire show one. */
export interface SegmentVersionRow extends RowOf<typeof SegmentVersion> {}
