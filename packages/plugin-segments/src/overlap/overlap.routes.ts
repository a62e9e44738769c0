import { route, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { overlapOf } from './overlap.ts'

/** How segments lie over each other. */
export const overlapRoutes = {
  overlap: route.post({
    path: '/api/v1/segments/overlap',
    permission: 'segments:read',
    summary: 'How many customers are in which of two to five segments',
    description: 'Each customer is counted once, under the set of the named segments that they are in.',
    idempotency: 'ignored',
    body: z.strictObject({ segmentIds: z.array(uuidSchema).min(2).max(5) }),
    response: z.object({
      parts: z.array(z.object({ segmentIds: z.array(uuidSchema), count: z.number().int() })),
    }),
    handler: async ({ body }, ctx) => ({ parts: await overlapOf(ctx, body.segmentIds) }),
  }),
}
