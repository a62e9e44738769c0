import { toTimestamp } from '../ports/clock.ts'
import type { SqlHelpers } from '../sql/sql-helpers.ts'
import type { Lease, Outcome } from './claimed-job.ts'
import type { JobsDb } from './job.entity.ts'

/** Records how runs ended and answers those whose lease was lost: nothing of theirs is recorded. */
export async function settleJobs(
  db: JobsDb,
  outcomes: readonly Outcome[],
  { nowMs, helpers }: { nowMs: number; helpers: SqlHelpers },
): Promise<Lease[]> {
  const done = outcomes.filter(({ kind }) => kind === 'done').map(({ lease }) => lease)
  const lost: Lease[] = []
  for (const [token, leases] of Map.groupBy(done, (lease) => lease.token)) {
    const gone = await db
      .deleteFrom('jobs')
      .where((eb) => helpers.anyOf(eb.ref('id'), 'uuid', leases.map(({ id }) => id)))
      .where('leaseToken', '=', token)
      .returning('id')
      .execute()
    if (gone.length === leases.length) continue
    const settled = new Set(gone.map(({ id }) => id))
    lost.push(...leases.filter(({ id }) => !settled.has(id)))
  }
  for (const outcome of outcomes) {
    if (outcome.kind !== 'done' && !(await putBack(db, outcome, nowMs))) lost.push(outcome.lease)
  }
  return lost
}

/** False when the lease was lost. */
async function putBack(db: JobsDb, outcome: Exclude<Outcome, { kind: 'done' }>, nowMs: number): Promise<boolean> {
  const now = toTimestamp(nowMs)
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set((eb) => ({
      ...(outcome.kind === 'released' ? { state: 'ready' as const, attempt: eb('attempt', '-', 1) } : afterFailure(outcome, nowMs)),
      leaseToken: null,
      leaseUntil: null,
      version: eb('version', '+', 1),
      updatedAt: now,
    }))
    .where('id', '=', outcome.lease.id)
    .where('leaseToken', '=', outcome.lease.token)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

function afterFailure({ error, retryInMs }: Extract<Outcome, { kind: 'failed' }>, nowMs: number) {
  if (retryInMs === null) return { state: 'dead' as const, lastError: error, finishedAt: toTimestamp(nowMs) }
  return { state: 'waiting' as const, lastError: error, runAt: toTimestamp(nowMs + retryInMs) }
}
