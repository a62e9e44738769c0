import { isClienteleError, type Ctx, type Timestamp, type Tx } from '@clientele/core'
import { Memberships } from '../membership/memberships.ts'
import { segmentsErrors } from '../segments.errors.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { Recompute } from './recompute.job.ts'
import { SegmentRun, type SegmentRunRow } from './run.entity.ts'

const WHY = 'the state of a run is progress, and belongs to no version'

/**
 * Begins to evaluate a segment for everybody; a run of it that is under way ends. Call it inside
 * `definitions.change`, which keeps writers away.
 */
export async function startRun(
  t: Tx<AudienceTables>,
  segmentId: string,
  run: Pick<SegmentRunRow, 'reason' | 'definition'>,
): Promise<string> {
  const runId = await addRun(t, segmentId, run)
  await t.projection(WHY, (db) =>
    db
      .updateTable('segments')
      .set({ status: 'computing', runId, rankedAt: null })
      .where('id', '=', segmentId)
      .execute(),
  )
  return runId
}

/** Ranks the customers of a segment once more, whose members stay what they are until then. */
export async function rankAgain(t: Tx<AudienceTables>, segmentId: string, definition: number): Promise<void> {
  await forgetIdleRuns(t, segmentId)
  const runId = await addRun(t, segmentId, { reason: 'due', definition })
  await t.projection(WHY, (db) =>
    db.updateTable('segments').set({ runId }).where('id', '=', segmentId).execute(),
  )
}

/** Rankings that moved nobody are nothing to look up. */
function forgetIdleRuns(t: Tx<AudienceTables>, segmentId: string): Promise<unknown> {
  return t.projection(WHY, (db) =>
    db
      .deleteFrom('segmentRuns')
      .where('segmentId', '=', segmentId)
      .where('reason', '=', 'due')
      .where('state', '=', 'done')
      .where('entered', '=', 0)
      .where('left', '=', 0)
      .execute(),
  )
}

async function addRun(
  t: Tx<AudienceTables>,
  segmentId: string,
  { reason, definition }: Pick<SegmentRunRow, 'reason' | 'definition'>,
): Promise<string> {
  const now = t.now()
  const runId = t.newId()
  await endRuns(t, segmentId)
  await t.projection(WHY, async (db) => {
    await db
      .insertInto('segmentRuns')
      .values({
        ...{ id: runId, version: 1, createdAt: now, updatedAt: now },
        ...{ segmentId, definition, reason, state: 'running', startedAt: now },
        ...{ done: 0, entered: 0, left: 0 },
      })
      .execute()
  })
  await t.enqueue(Recompute, { runId })
  return runId
}

/** Ends what is under way for a segment. */
export async function endRuns(t: Tx<AudienceTables>, segmentId: string): Promise<void> {
  await t.projection(WHY, (db) =>
    db
      .updateTable('segmentRuns')
      .set({ state: 'cancelled', finishedAt: t.now() })
      .where('segmentId', '=', segmentId)
      .where('state', '=', 'running')
      .execute(),
  )
}

/**
 * Ends a run by hand. The segment is left half computed, which its status says.
 * @throws `segments.run_over`
 */
export async function cancelRun(t: Tx<AudienceTables>, segmentId: string): Promise<SegmentRunRow> {
  const { definitions } = t.get(Memberships)
  const runId = await definitions.change(t, async () => {
    const run = await t.db
      .selectFrom('segmentRuns')
      .select('id')
      .where('segmentId', '=', segmentId)
      .where('state', '=', 'running')
      .executeTakeFirst()
    if (!run) throw segmentsErrors['segments.run_over']({ id: segmentId })
    await endRuns(t, segmentId)
    await setStatus(t, segmentId, 'failed')
    return run.id
  })
  return t.repo(SegmentRun).get(runId)
}

/** Writes down why a run cannot go on. */
export function failRun(ctx: Ctx, runId: string, error: unknown): Promise<void> {
  const known = isClienteleError(error) && error.status < 500
  const text = known ? error.message : 'It failed for a reason that stands in the log; recompute it again'
  return ctx.tx(async (t: Tx<AudienceTables>) => {
    await t.get(Memberships).definitions.change(t, async () => {
      const run = await t.repo(SegmentRun).find(runId)
      if (run?.state !== 'running') return
      await finishRun(t, run, { state: 'failed', error: text.slice(0, 2000) })
      await setStatus(t, run.segmentId, 'failed')
    })
  })
}

/** Says how a run has ended. */
export async function finishRun(
  t: Tx<AudienceTables>,
  { id }: Pick<SegmentRunRow, 'id'>,
  end: { readonly state: 'done' | 'failed' | 'cancelled'; readonly error?: string },
): Promise<void> {
  await t.projection(WHY, (db) =>
    db
      .updateTable('segmentRuns')
      .set({ ...end, finishedAt: t.now() })
      .where('id', '=', id)
      .execute(),
  )
}

/** Writes down how far a run is. */
export async function advanceRun(
  t: Tx<AudienceTables>,
  { id }: Pick<SegmentRunRow, 'id'>,
  by: {
    readonly doneUntil: string | null
    readonly done: number
    readonly entered: number
    readonly left: number
  },
): Promise<void> {
  await t.projection(WHY, (db) =>
    db
      .updateTable('segmentRuns')
      .set((eb) => ({
        doneUntil: by.doneUntil,
        done: eb('done', '+', by.done),
        entered: eb('entered', '+', by.entered),
        left: eb('left', '+', by.left),
      }))
      .where('id', '=', id)
      .execute(),
  )
}

/** Whether a segment's members are right at every instant. */
export async function setStatus(
  t: Tx<AudienceTables>,
  segmentId: string,
  status: 'live' | 'failed',
): Promise<void> {
  await t.projection(WHY, (db) =>
    db.updateTable('segments').set({ status }).where('id', '=', segmentId).execute(),
  )
}

/** Says that the members are those of a ranking, as of its instant. */
export async function keepRankedAt(
  t: Tx<AudienceTables>,
  segmentId: string,
  rankedAt: Timestamp,
): Promise<void> {
  await t.projection(WHY, (db) =>
    db.updateTable('segments').set({ status: 'live', rankedAt }).where('id', '=', segmentId).execute(),
  )
}

/** Keeps how many members there are, which no write counts. */
export async function keepMemberCount(
  ctx: Ctx<AudienceTables>,
  segmentId: string,
): Promise<{ readonly count: number; readonly evaluatedAt: Timestamp }> {
  const evaluatedAt = ctx.now()
  const [row] = await ctx.population.run<{ count: number }>(
    ctx.db
      .selectFrom('memberships')
      .where('segmentId', '=', segmentId)
      .where('leftAt', 'is', null)
      .select((eb) => eb.fn.countAll<number>().as('count')),
  )
  const count = row?.count ?? 0
  await ctx.tx((t) =>
    t.projection('the member count is derived from customers and belongs to no version', (db) =>
      db
        .updateTable('segments')
        .set({ memberCount: count, evaluatedAt })
        .where('id', '=', segmentId)
        .execute(),
    ),
  )
  return { count, evaluatedAt }
}
