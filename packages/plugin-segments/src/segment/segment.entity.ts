import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { segmentKinds, segmentStatuses } from './segment-kind.ts'

/** A saved condition: an audience whose members are known at every instant. */
export const Segment = defineEntity(
  'segments',
  {
    name: col.text(z.string().trim().min(1).max(200)).unique().filterable().sortable().searchable(),
    description: col.text(z.string().max(2000)).nullable().searchable(),
    condition: col
      .json(z.record(z.string(), z.unknown()))
      .describe('A condition: { all | any | not | atLeast … } over rules of registered types'),
    kind: col.enum(segmentKinds).default('dynamic').filterable(),
    status: col.enum(segmentStatuses).default('computing').filterable(),
    definition: col.integer(z.int().min(1)).default(1).describe('Number of the condition’s version'),
    runId: col.id().nullable().describe('The recompute that is under way, or the last one'),
    hasPins: col.boolean().default(false),
    memberCount: col.integer().nullable().sortable().describe('As of evaluatedAt'),
    evaluatedAt: col.timestamp().nullable(),
    rankedAt: col
      .timestamp()
      .nullable()
      .describe('Where customers are ranked against each other: as of when'),
  },
  { label: 'name', softDelete: true, description: 'A saved condition over customers.' },
)

/** A segment as `t.repo` and the wire show one. */
export interface SegmentRow extends RowOf<typeof Segment> {}
