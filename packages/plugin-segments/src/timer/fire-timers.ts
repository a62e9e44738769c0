import {
  defineSchedule,
  fromTimestamp,
  handleJob,
  type Ctx,
  type JobHandler,
  type Schedule,
  type Timestamp,
} from '@clientele/core'
import { setTimeout as sleep } from 'node:timers/promises'
import { Memberships } from '../membership/memberships.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { FireTimers, wakeAt, wakeFor } from './wake-for.ts'

/** Finds what no job was made for: timers that were far away, and those of a time when nothing ran. */
export const timerSchedule: Schedule = defineSchedule(FireTimers, {}, { cron: '*/5 * * * *' })

/** How long a job waits for what is about to be due. */
const PATIENCE = 1500

export const fireTimers: JobHandler = handleJob(FireTimers, async (_input, ctx) => {
  let waited = false
  for (;;) {
    ctx.signal.throwIfAborted()
    const next = await firstTimer(ctx)
    if (next === null) return
    const wait = fromTimestamp(next) - fromTimestamp(ctx.now())
    if (wait <= 0) {
      await ctx.get(Memberships).timePassed(ctx)
      waited = false
      continue
    }
    if (wait > PATIENCE) return ctx.tx((t) => wakeFor(t, fromTimestamp(next)))
    // The clock did not move on: it is one of a test.
    if (waited) return ctx.tx((t) => wakeAt(t, fromTimestamp(next)))
    await sleep(wait, undefined, { signal: ctx.signal })
    waited = true
  }
})

async function firstTimer(ctx: Ctx<AudienceTables>): Promise<Timestamp | null> {
  const row = await ctx.db.selectFrom('segmentTimers').select('at').orderBy('at').limit(1).executeTakeFirst()
  return row?.at ?? null
}
