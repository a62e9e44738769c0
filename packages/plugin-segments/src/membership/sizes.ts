import { periodStart } from '@clientele/conditions'
import { route, toTimestamp, timestampSchema, uuidSchema, type Ctx, type Timestamp } from '@clientele/core'
import * as z from 'zod'
import { environmentOf } from '../audience/environment.ts'
import { Segment } from '../segment/segment.entity.ts'
import type { AudienceTables } from '../segments.tables.ts'

/** How many were in a segment at an instant. */
export interface SegmentSize {
  readonly at: Timestamp
  readonly count: number
}

/** How large a segment was. */
export const sizeRoutes = {
  sizes: route.get({
    path: '/api/v1/segments/:id/sizes',
    permission: 'segments:read',
    summary: 'How many customers were in a segment, day by day',
    description:
      'At the beginning of each day in the tenant’s zone, and now. Days before the segment are left out.',
    params: z.object({ id: uuidSchema }),
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(30) }),
    response: z.object({ items: z.array(z.object({ at: timestampSchema, count: z.number().int() })) }),
    handler: async ({ params, query }, ctx) => ({ items: await sizesOf(ctx, params.id, query.days) }),
  }),
}

/**
 * The size at the beginning of each of the last days, today included, and now; oldest first.
 * @throws `entity.not_found`
 */
async function sizesOf(ctx: Ctx<AudienceTables>, segmentId: string, days: number): Promise<SegmentSize[]> {
  const { createdAt } = await ctx.repo(Segment).get(segmentId)
  const environment = await environmentOf(ctx)
  const starts = Array.from({ length: days }, (_, at) => periodStart('day', at - days + 1, environment))
  const instants = [...starts.map(toTimestamp).filter((at) => at > createdAt), ctx.now()]
  // One look at the stays answers for all days.
  const [row] = await ctx.population.run<Record<string, number | string | null>>(
    ctx.db
      .selectFrom('memberships')
      .where('segmentId', '=', segmentId)
      .select((eb) =>
        instants.map((at, place) =>
          eb.fn
            .sum<number>(
              eb
                .case()
                .when(
                  eb.and([
                    eb('enteredAt', '<=', at),
                    eb.or([eb('leftAt', 'is', null), eb('leftAt', '>', at)]),
                  ]),
                )
                .then(1)
                .else(0)
                .end(),
            )
            .as(`at${place}`),
        ),
      ),
  )
  return instants.map((at, place) => ({ at, count: Number(row?.[`at${place}`] ?? 0) }))
}
