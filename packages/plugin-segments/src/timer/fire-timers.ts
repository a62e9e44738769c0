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

/** It looks again as often: an earlier timer may have come, whose own job waits for this one to end. */
const LOOK = 200

export const fireTimers: JobHandler = handleJob(FireTimers, async (_input, ctx) => {
  for (;;) {
    ctx.signal.throwIfAborted()
    const next = await firstTimer(ctx)
    if (next === null) return
    const now = fromTimestamp(ctx.now())
    const wait = fromTimestamp(next) - now
    if (wait <= 0) {
      await ctx.get(Memberships).timePassed(ctx)
      continue
    }
    if (wait > PATIENCE) return ctx.tx((t) => wakeFor(t, fromTimestamp(next)))
    await sleep(Math.min(wait, LOOK), undefined, { signal: ctx.signal })
    // The clock did not move on: it is one of a test.
    if (fromTimestamp(ctx.now()) === now) return ctx.tx((t) => wakeAt(t, fromTimestamp(next)))
  }
})

async function firstTimer(ctx: Ctx<AudienceTables>): Promise<Timestamp | null> {
  const row = await ctx.db.selectFrom('segmentTimers').select('at').orderBy('at').limit(1).executeTakeFirst()
  return row?.at ?? null
}
