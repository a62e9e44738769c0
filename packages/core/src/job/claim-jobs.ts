import { sql, type SelectQueryBuilder } from 'kysely'
import type { Origin } from '../context/context.ts'
import type { Timestamp } from '../ports/clock.ts'
import type { ClaimedJob } from './claimed-job.ts'
import type { JobsDb } from './job.entity.ts'

/** How many jobs of a name may be taken; names not wanted are left for other processes. */
export interface Wanted {
  readonly name: string
  readonly limit: number
}

export interface ClaimRequest {
  readonly wanted: readonly Wanted[]
  /** In all. */
  readonly limit: number
  readonly now: Timestamp
  readonly leaseUntil: Timestamp
  readonly token: string
  readonly skipLocked: boolean
}

/** Takes ready jobs: highest priority first, then by due time, then by age. */
export async function claimJobs(db: JobsDb, { wanted, limit, now, leaseUntil, token, skipLocked }: ClaimRequest): Promise<ClaimedJob[]> {
  if (wanted.length === 0 || limit === 0) return []
  // Each name is looked up by itself: a long backlog of a job that may not start now costs the others nothing.
  const perName = wanted.map((one) => readyOf(db, one, skipLocked))
  const candidates = perName.reduce((all, one) => all.unionAll(one))
  const rows = await db
    .with('due', (with_) =>
      with_.selectFrom(candidates.as('candidates')).select('candidates.id').orderBy('rank').orderBy('runAt').orderBy('id').limit(limit),
    )
    .updateTable('jobs')
    .set((eb) => ({
      state: 'running',
      attempt: eb('attempt', '+', 1),
      leaseUntil,
      leaseToken: token,
      version: eb('version', '+', 1),
      updatedAt: now,
    }))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
    .returning(['id', 'tenantId', 'name', 'input', 'attempt', 'maxAttempts', 'actorKind', 'actorId', 'origin'])
    .returning(['correlationId', 'causationId', 'depth', 'rank', 'runAt'])
    .execute()
  return rows
    .toSorted((a, b) => a.rank - b.rank || compare(a.runAt, b.runAt) || compare(a.id, b.id))
    .map(({ rank: _rank, runAt: _runAt, ...job }) => ({ ...job, token, origin: job.origin as Origin }))
}

function readyOf(db: JobsDb, { name, limit }: Wanted, skipLocked: boolean): SelectQueryBuilder<any, any, { id: string; rank: number; runAt: Timestamp }> {
  const ready = db
    .selectFrom('jobs')
    .select(['id', 'rank', 'runAt'])
    // Written out, so that the planner sees the partial index.
    .where('state', '=', sql.lit('ready'))
    .where('name', '=', name)
    .orderBy('rank')
    .orderBy('runAt')
    .orderBy('id')
    .limit(limit)
  return db.selectFrom((skipLocked ? ready.forUpdate().skipLocked() : ready).as('ready')).select(['ready.id', 'ready.rank', 'ready.runAt'])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
