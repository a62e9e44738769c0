import { idParams, listQuery, pageOf, route, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Segment } from '../segment/segment.entity.ts'
import { Segments } from '../segment/segment.service.ts'
import { SegmentVersion } from './version.entity.ts'

/** What a segment's condition was. */
export const versionRoutes = {
  listVersions: route.get({
    path: '/api/v1/segments/:id/versions',
    permission: 'segments:read',
    summary: 'The versions of a segment’s condition',
    params: idParams,
    query: listQuery(SegmentVersion),
    response: pageOf(SegmentVersion.row),
    async handler({ params, query }, ctx) {
      await ctx.repo(Segment).get(params.id)
      return ctx.repo(SegmentVersion).list({ ...query, where: (eb) => eb('segmentId', '=', params.id) })
    },
  }),
  restoreVersion: route.post({
    path: '/api/v1/segments/:id/versions/:number/restore',
    permission: 'segments:write',
    summary: 'Make an earlier version of a segment’s condition the current one',
    description: 'It becomes a version of its own, and the members are computed again.',
    params: z.object({ id: uuidSchema, number: z.coerce.number().int().min(1) }),
    response: Segment.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Segments).restoreVersion(t, params.id, params.number)),
  }),
}
