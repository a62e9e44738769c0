import { idParams, listQuery, pageOf, route, timestampSchema, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Segment } from '../segment/segment.entity.ts'
import { pinModes } from './pin-mode.ts'
import { SegmentPin } from './pin.entity.ts'
import { Pins } from './pins.ts'

const pinParams = z.object({ id: uuidSchema, customerId: uuidSchema })

/** Who is in a segment or not by hand. */
export const pinRoutes = {
  listPins: route.get({
    path: '/api/v1/segments/:id/pins',
    permission: 'segments:read',
    summary: 'Who is in a segment or not by hand',
    params: idParams,
    query: listQuery(SegmentPin),
    response: pageOf(SegmentPin.row),
    async handler({ params, query }, ctx) {
      await ctx.repo(Segment).get(params.id)
      return ctx.repo(SegmentPin).list({ ...query, where: (eb) => eb('segmentId', '=', params.id) })
    },
  }),
  setPin: route.put({
    path: '/api/v1/segments/:id/pins/:customerId',
    permission: 'segments:write',
    summary: 'Put a customer into a segment by hand, or out of it',
    description: 'It holds at once and through every recompute, until it expires or is removed.',
    params: pinParams,
    body: z.strictObject({
      mode: z.enum(pinModes),
      reason: z.string().trim().max(500).nullish(),
      expiresAt: timestampSchema.nullish(),
    }),
    response: SegmentPin.row,
    handler: ({ params, body }, ctx) =>
      ctx.tx((t) => t.get(Pins).set(t, params.id, { ...body, customerId: params.customerId })),
  }),
  removePin: route.delete({
    path: '/api/v1/segments/:id/pins/:customerId',
    permission: 'segments:write',
    summary: 'Let the condition decide again about a customer',
    params: pinParams,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Pins).remove(t, params.id, params.customerId)),
  }),
}
