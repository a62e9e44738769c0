import { toTimestamp } from '../ports/clock.ts'
import type { SqlHelpers } from '../sql/sql-helpers.ts'
import type { Lease, Outcome } from './claimed-job.ts'
import type { RunJobStatement } from './job-statements.ts'

/** Records how runs ended and answers those whose lease was lost: nothing of theirs is recorded. */
export async function settleJobs(
  run: RunJobStatement,
  outcomes: readonly Outcome[],
  { nowMs, helpers }: { readonly nowMs: number; readonly helpers: SqlHelpers },
): Promise<Lease[]> {
  const done = outcomes.filter(({ kind }) => kind === 'done').map(({ lease }) => lease)
  const lost: Lease[] = []
  for (const [token, leases] of Map.groupBy(done, (lease) => lease.token)) {
    const ids = leases.map(({ id }) => id)
    const gone = await run(
      'done',
      (db, p) =>
        db
          .deleteFrom('jobs')
          .where((eb) => helpers.anyOf(eb.ref('id'), 'uuid', p('ids')))
          .where('leaseToken', '=', p('token'))
          .returning('id'),
      { ids, token },
    )
    if (gone.length === leases.length) continue
    const settled = new Set(gone.map(({ id }) => id))
    lost.push(...leases.filter(({ id }) => !settled.has(id)))
  }
  for (const outcome of outcomes) {
    if (outcome.kind !== 'done' && !(await putBack(run, outcome, nowMs))) lost.push(outcome.lease)
  }
  return lost
}

/** False when the lease was lost. */
async function putBack(
  run: RunJobStatement,
  outcome: Exclude<Outcome, { kind: 'done' }>,
  nowMs: number,
): Promise<boolean> {
  const now = toTimestamp(nowMs)
  const change =
    outcome.kind === 'released'
      ? { state: 'ready', begun: -1 }
      : outcome.kind === 'paused'
        ? {
            state: 'waiting',
            lastError: outcome.reason,
            runAt: toTimestamp(nowMs + outcome.forMs),
            begun: -1,
          }
        : { ...afterFailure(outcome, nowMs), begun: 0 }
  const columns = Object.keys(change).filter((name) => name !== 'begun')
  const rows = await run(
    `put back ${columns.join(' ')}`,
    (db, p) =>
      db
        .updateTable('jobs')
        .set((eb) => ({
          ...Object.fromEntries(columns.map((name) => [name, p(name)])),
          attempt: eb('attempt', '+', p('begun')),
          leaseToken: null,
          leaseUntil: null,
          version: eb('version', '+', 1),
          updatedAt: p('now'),
        }))
        .where('id', '=', p('id'))
        .where('leaseToken', '=', p('token'))
        .returning('id'),
    { ...change, ...outcome.lease, now },
  )
  return rows.length === 1
}

function afterFailure({ error, retryInMs }: Extract<Outcome, { kind: 'failed' }>, nowMs: number): object {
  if (retryInMs === null) return { state: 'dead', lastError: error, finishedAt: toTimestamp(nowMs) }
  return { state: 'waiting', lastError: error, runAt: toTimestamp(nowMs + retryInMs) }
}
