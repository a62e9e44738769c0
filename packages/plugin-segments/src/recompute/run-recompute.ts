import { handleJob, isClienteleError, type Ctx, type JobCtx, type JobHandler } from '@clientele/core'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AudienceTables } from '../segments.tables.ts'
import { isRankingRun, rankMembers } from './rank-members.ts'
import { Recompute } from './recompute.job.ts'
import { recomputeSlice } from './recompute-slice.ts'
import { SegmentRun } from './run.entity.ts'
import { failRun, keepMemberCount } from './runs.ts'

/** How long a slice should take: writers wait for it. Its statements hold a thread for less each. */
const AIM_MS = 50
const PAUSE_MS = 2
const SIZES = { most: 50_000, least: 20 } as const

export const recompute: JobHandler = handleJob(Recompute, async ({ runId }, ctx) => {
  try {
    await countBefore(ctx, runId)
    if (await isRankingRun(ctx, runId)) await rankMembers(ctx, runId)
    else await evaluateEverybody(ctx, runId)
    await countAfter(ctx, runId)
  } catch (error) {
    if (ctx.signal.aborted) throw error
    const isHopeless = isClienteleError(error) && error.status < 500
    if (isHopeless || ctx.attempt >= Recompute.options.attempts) await failRun(ctx, runId, error)
    if (!isHopeless) throw error
  }
})

async function evaluateEverybody(ctx: JobCtx, runId: string): Promise<void> {
  for (let wanted: number | null = null; ;) {
    ctx.signal.throwIfAborted()
    const { over, done, size, total, took } = await recomputeSlice(ctx, runId, wanted)
    if (over) return
    wanted = nextSize(size, took)
    await ctx.progress(done, total ?? undefined)
    // Other processes, which ask for SQLite's lock now and then, come in between as well.
    await sleep(PAUSE_MS, undefined, { signal: ctx.signal })
  }
}

/** Four times as large at most, so that a slice of dense rows does not surprise. */
function nextSize(size: number, took: number): number {
  const fitting = size * Math.min(4, AIM_MS / Math.max(took, 1))
  return Math.round(Math.min(SIZES.most, Math.max(SIZES.least, fitting)))
}

async function countBefore(ctx: Ctx<AudienceTables>, runId: string): Promise<void> {
  const run = await ctx.db
    .selectFrom('segmentRuns')
    .select('total')
    .where('id', '=', runId)
    .executeTakeFirst()
  if (!run || run.total !== null) return
  const [row] = await ctx.population.run<{ count: number }>(
    ctx.dbWithRemoved.selectFrom('customers').select((eb) => eb.fn.countAll<number>().as('count')),
  )
  await ctx.tx((t) =>
    t.projection('the progress of a run belongs to no version', (db) =>
      db
        .updateTable('segmentRuns')
        .set({ total: row?.count ?? 0 })
        .where('id', '=', runId)
        .execute(),
    ),
  )
}

async function countAfter(ctx: Ctx<AudienceTables>, runId: string): Promise<void> {
  const run = await ctx.repo(SegmentRun).find(runId)
  if (run?.state !== 'done') return
  await keepMemberCount(ctx, run.segmentId)
}
