import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Segment } from '../segment/segment.entity.ts'

/** Why everybody is evaluated. */
const runReasons = ['created', 'edited', 'restored', 'asked', 'due'] as const

/** One evaluation of a segment for all customers. */
export const SegmentRun = defineEntity(
  'segmentRuns',
  {
    segmentId: col.ref(() => Segment, { onDelete: 'cascade' }).filterable(),
    definition: col.integer().describe('The version of the condition that it evaluates'),
    reason: col.enum(runReasons),
    state: col.enum(['running', 'done', 'failed', 'cancelled']).filterable(),
    doneUntil: col.id().nullable().describe('Customers up to this one are done'),
    done: col.integer(z.int().min(0)).default(0).describe('Customers looked at'),
    total: col
      .integer(z.int().min(0))
      .nullable()
      .describe('Customers to look at when it began, removed ones among them'),
    entered: col.integer(z.int().min(0)).default(0),
    left: col.integer(z.int().min(0)).default(0),
    startedAt: col.timestamp(),
    finishedAt: col.timestamp().nullable(),
    error: col.text(z.string().max(2000)).nullable(),
  },
  { live: false, audited: false, description: 'Evaluations of a segment for everybody.' },
)

/** A run as `t.repo` and the wire show one. */
export interface SegmentRunRow extends RowOf<typeof SegmentRun> {}
