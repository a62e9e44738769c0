import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** A saved condition: an audience that is always the customers who meet it now. */
export const Segment = defineEntity(
  'segments',
  {
    name: col.text(z.string().trim().min(1).max(200)).unique().filterable().sortable().searchable(),
    description: col.text(z.string().max(2000)).nullable().searchable(),
    condition: col
      .json(z.record(z.string(), z.unknown()))
      .describe('A condition: { all | any | not | atLeast … } over rules of registered types'),
    memberCount: col.integer().nullable().sortable().describe('As of evaluatedAt'),
    evaluatedAt: col.timestamp().nullable(),
  },
  { label: 'name', softDelete: true, description: 'A saved condition over customers.' },
)

/** A segment as `t.repo` and the wire show one. */
export interface SegmentRow extends RowOf<typeof Segment> {}
