import {
  defineJob,
  defineSchedule,
  fromTimestamp,
  handleJob,
  toTimestamp,
  type Ctx,
  type JobHandler,
  type Schedule,
} from '@clientele/core'
import * as z from 'zod'
import { Memberships } from '../membership/memberships.ts'
import { by } from '../pin/pins.ts'
import { Segment } from '../segment/segment.entity.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { SegmentVersion } from '../version/version.entity.ts'
import { rankAgain, startRun } from './runs.ts'

/** Computes segments that were never computed, of a time before memberships were kept, and ranks anew where it is time. */
const Upkeep = defineJob('segments.upkeep', z.object({}), { concurrency: 1 })

/** They wait a few minutes at most. */
export const upkeepSchedule: Schedule = defineSchedule(Upkeep, {}, { cron: '*/5 * * * *' })

export const upkeep: JobHandler = handleJob(Upkeep, async (_input, ctx: Ctx<AudienceTables>) => {
  for (const { id } of await neverComputed(ctx).execute()) {
    ctx.signal.throwIfAborted()
    await ctx.tx((t) =>
      t.get(Memberships).definitions.change(t, async () => {
        const still = await neverComputed(t).where('id', '=', id).executeTakeFirst()
        if (!still) return
        const { definition, condition, kind } = await t.repo(Segment).get(id)
        await t
          .repo(SegmentVersion)
          .insert({ segmentId: id, number: definition, condition, kind, savedBy: by(t) })
        await startRun(t, id, { reason: 'due', definition })
      }),
    )
  }
  for (const { id } of await dueRankings(ctx).execute()) {
    ctx.signal.throwIfAborted()
    await ctx.tx(async (t) => {
      await t.get(Memberships).definitions.alone(t)
      const due = await dueRankings(t).where('id', '=', id).executeTakeFirst()
      if (due) await rankAgain(t, id, due.definition)
    })
  }
})

/** Every other look of the schedule: a ranking is ten minutes old, or the time that a slow one takes longer. */
const RANKING_AGE = 9 * 60_000

/** Live segments that rank and whose last ranking is old; of those that are being ranked `runId` is a later run. */
function dueRankings(ctx: Pick<Ctx<AudienceTables>, 'db' | 'now'>) {
  return ctx.db
    .selectFrom('segments')
    .select(['id', 'definition'])
    .where('kind', '=', 'dynamic')
    .where('status', '=', 'live')
    .where('rankedAt', '<=', toTimestamp(fromTimestamp(ctx.now()) - RANKING_AGE))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('segmentRuns')
            .select('segmentRuns.id')
            .whereRef('segmentRuns.segmentId', '=', 'segments.id')
            .where('segmentRuns.state', '=', 'running'),
        ),
      ),
    )
    .orderBy('id')
}

function neverComputed({ db }: Pick<Ctx<AudienceTables>, 'db'>) {
  return db
    .selectFrom('segments')
    .select('id')
    .where('status', '=', 'computing')
    .where('runId', 'is', null)
    .orderBy('id')
}
