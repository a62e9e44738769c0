import type { Ctx } from '@clientele/core'
import { Segment } from '../segment/segment.entity.ts'
import type { AudienceTables } from '../segments.tables.ts'

/** How many customers are in exactly these segments of those that were compared. */
export interface OverlapPart {
  readonly segmentIds: string[]
  readonly count: number
}

/**
 * Counts the members of several segments by the set of those that they are in; sets of nobody are left out.
 *
 * @param ids of two to five segments
 * @throws `entity.not_found`
 */
export async function overlapOf(ctx: Ctx<AudienceTables>, ids: readonly string[]): Promise<OverlapPart[]> {
  const segments = [...new Set(ids)]
  for (const id of segments) await ctx.repo(Segment).get(id)
  const sets = ctx.db
    .selectFrom('memberships')
    .where((eb) => ctx.sql.anyOf(eb.ref('segmentId'), 'uuid', segments))
    .where('leftAt', 'is', null)
    .groupBy('customerId')
    .select((eb) =>
      segments.map((id, place) =>
        eb.fn.max(eb.case().when('segmentId', '=', id).then(1).else(0).end()).as(`in${place}`),
      ),
    )
  const names = segments.map((_, place) => `in${place}` as const)
  const rows = await ctx.population.run<Record<string, number>>(
    ctx.db
      .selectFrom(sets.as('sets'))
      .groupBy(names as never)
      .select(names as never)
      .select((eb) => eb.fn.countAll<number>().as('count')),
  )
  return rows
    .map((row) => ({
      segmentIds: segments.filter((_, place) => Number(row[`in${place}`]) === 1),
      count: row['count']!,
    }))
    .toSorted((a, b) => b.count - a.count || a.segmentIds.length - b.segmentIds.length)
}
