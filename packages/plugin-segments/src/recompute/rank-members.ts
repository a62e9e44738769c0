import { slicesOf, type Ctx, type Timestamp, type Tx } from '@clientele/core'
import { environmentOf } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import { define, isRanking, segmentFact, type Definition } from '../definition/definition.ts'
import { announce } from '../membership/announce.ts'
import { CUSTOMERS } from '../membership/decide.ts'
import { keepDecisions } from '../membership/keep-decisions.ts'
import { Memberships } from '../membership/memberships.ts'
import { settle } from '../membership/settle.ts'
import { Segment } from '../segment/segment.entity.ts'
import { SegmentRecomputed } from '../segments.events.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { rankingDifference, type Move } from './ranking-difference.ts'
import { SegmentRun } from './run.entity.ts'
import { advanceRun, finishRun, keepRankedAt } from './runs.ts'

/** Moves that one ranking answers; more are found by ranking again. */
const PAGE = 20_000

/** Whether a run is of a segment whose condition ranks customers against each other. */
export async function isRankingRun(ctx: Ctx, runId: string): Promise<boolean> {
  const run = await ctx.repo(SegmentRun).find(runId)
  const segment = run && (await ctx.repo(Segment).find(run.segmentId))
  if (!segment || segment.kind === 'manual') return false
  const language = languageOf(ctx)
  return isRanking(language, language.parse(segment.condition))
}

/**
 * Ranks everybody and makes the members those who have the places. One statement says who comes and who goes, as of one
 * instant; that is written in slices. When its last slice is written the members are those of that instant.
 */
export async function rankMembers(ctx: Ctx<AudienceTables>, runId: string): Promise<void> {
  for (;;) {
    const run = await ctx.repo(SegmentRun).find(runId)
    if (run?.state !== 'running') return
    const segment = await ctx.repo(Segment).find(run.segmentId)
    if (segment?.runId !== runId) return ctx.tx((t) => finishRun(t, run, { state: 'cancelled' }))
    const { rankedAt, moves } = await rankingDifference(ctx, segment, PAGE)
    let moved = 0
    for (const some of slicesOf(moves, CUSTOMERS)) {
      ctx.signal.throwIfAborted()
      const written = await ctx.tx((t) => write(t, runId, some))
      if (written === null) return
      moved += written
    }
    if (moves.length < PAGE || moved === 0) return ctx.tx((t) => finish(t, runId, rankedAt))
  }
}

/** Writes moves; answers how many there were, or null when the run is over. */
async function write(t: Tx<AudienceTables>, runId: string, moves: readonly Move[]): Promise<number | null> {
  const set = await t.get(Memberships).definitions.alone(t)
  const run = await t.repo(SegmentRun).find(runId)
  const segment = run?.state === 'running' ? await t.repo(Segment).find(run.segmentId) : null
  if (!run || segment?.runId !== runId) return null
  const defined = define(languageOf(t), segment, await environmentOf(t))
  // Its next instant is that of the next ranking.
  const definition: Definition = { ...defined, segment: { ...segment, hasPins: false }, level: set.height }
  const allowed = await stillAllowed(t, segment.id, moves)
  const changes = await keepDecisions(
    t,
    allowed.map((move) => ({ ...move, definition, next: null })),
    () => ({ by: 'recompute', with: runId }),
  )
  const entered = changes.filter((one) => one.entered).length
  await advanceRun(t, run, {
    ...{ doneUntil: null, done: run.done + changes.length },
    ...{ entered, left: changes.length - entered },
  })
  const asked = set.dependents([segmentFact(segment.id)])
  const ids = changes.map(({ customerId }) => customerId)
  await announce(t, set, await settle(t, set, { ids, asked, because: { by: 'recompute', runId } }))
  return changes.length
}

/** Leaves out customers who were removed since they were ranked, and those about whom somebody decided by hand. */
async function stillAllowed(
  t: Tx<AudienceTables>,
  segmentId: string,
  moves: readonly Move[],
): Promise<readonly Move[]> {
  const ids = moves.map(({ customerId }) => customerId)
  const there = await t.db
    .selectFrom('customers')
    .select('id')
    .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', ids))
    .execute()
  const pins = await t.db
    .selectFrom('segmentPins')
    .select(['customerId', 'mode'])
    .where('segmentId', '=', segmentId)
    .where((eb) => eb.or([eb('expiresAt', 'is', null), eb('expiresAt', '>', t.now())]))
    .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', ids))
    .execute()
  const visible = new Set(there.map(({ id }) => id))
  const pinned = new Map(pins.map(({ customerId, mode }) => [customerId, mode === 'include']))
  return moves.filter(
    ({ customerId, member }) =>
      (visible.has(customerId) || !member) && (pinned.get(customerId) ?? member) === member,
  )
}

async function finish(t: Tx<AudienceTables>, runId: string, rankedAt: Timestamp): Promise<void> {
  await t.get(Memberships).definitions.alone(t)
  const run = await t.repo(SegmentRun).find(runId)
  const segment = run?.state === 'running' ? await t.repo(Segment).find(run.segmentId) : null
  if (!run || segment?.runId !== runId) return
  const { entered, left } = run
  await finishRun(t, run, { state: 'done' })
  await keepRankedAt(t, segment.id, rankedAt)
  if (run.reason !== 'due' || entered + left > 0)
    await t.emit(SegmentRecomputed, { segmentId: segment.id, runId, entered, left })
}
