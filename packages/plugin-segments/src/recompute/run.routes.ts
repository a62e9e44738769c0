import { idParams, listQuery, pageOf, route, timestampSchema, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Segment } from '../segment/segment.entity.ts'
import { Segments } from '../segment/segment.service.ts'
import { runChanges } from './run-changes.ts'
import { SegmentRun } from './run.entity.ts'

/** Evaluations of a segment for everybody. */
export const runRoutes = {
  recompute: route.post({
    path: '/api/v1/segments/:id/recompute',
    permission: 'segments:write',
    summary: 'Evaluate a segment for everybody once more',
    description:
      'A job does it; the segment says how far it is. Dynamic segments need it only after a failure.',
    params: idParams,
    response: Segment.row,
    status: 202,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Segments).recompute(t, params.id)),
  }),
  cancelRecompute: route.post({
    path: '/api/v1/segments/:id/recompute/cancel',
    permission: 'segments:write',
    summary: 'End a recompute that is under way',
    description: 'What it did stays; the segment has failed until it is computed again.',
    params: idParams,
    response: SegmentRun.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Segments).cancel(t, params.id)),
  }),
  listRuns: route.get({
    path: '/api/v1/segments/:id/runs',
    permission: 'segments:read',
    summary: 'The recomputes of a segment, and how far each is',
    params: idParams,
    query: listQuery(SegmentRun),
    response: pageOf(SegmentRun.row),
    async handler({ params, query }, ctx) {
      await ctx.repo(Segment).get(params.id)
      return ctx.repo(SegmentRun).list({ ...query, where: (eb) => eb('segmentId', '=', params.id) })
    },
  }),
  listRunChanges: route.get({
    path: '/api/v1/segments/:id/runs/:runId/changes',
    permission: 'segments:read',
    summary: 'Who came and went by a recompute',
    params: z.object({ id: uuidSchema, runId: uuidSchema }),
    query: z.object({
      change: z.enum(['entered', 'left']).default('entered'),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      after: uuidSchema.optional().describe('The last customer of the page before'),
    }),
    response: z.object({
      items: z.array(z.object({ customerId: uuidSchema, at: timestampSchema })),
      next: uuidSchema.nullable().describe('`after` of the next page; null on the last'),
    }),
    async handler({ params, query }, ctx) {
      await ctx.repo(Segment).get(params.id)
      return runChanges(ctx, { segmentId: params.id, runId: params.runId, ...query })
    },
  }),
}
