import {
  defineJob,
  defineSchedule,
  handleJob,
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
import { startRun } from './runs.ts'

/** Computes segments that were never computed: those of a time before memberships were kept. */
const Upkeep = defineJob('segments.upkeep', z.object({}), { concurrency: 1 })

/** They wait a few minutes at most after a host has started with them. */
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
})

function neverComputed({ db }: Pick<Ctx<AudienceTables>, 'db'>) {
  return db
    .selectFrom('segments')
    .select('id')
    .where('status', '=', 'computing')
    .where('runId', 'is', null)
    .orderBy('id')
}
