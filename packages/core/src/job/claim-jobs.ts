import { sql, type SelectQueryBuilder } from 'kysely'
import type { Timestamp } from '../ports/clock.ts'
import type { ClaimedJob } from './claimed-job.ts'
import type { JobsDb } from './job.entity.ts'
import type { Parameter, Value } from '../sql/system-statements.ts'
import type { RunJobStatement } from './job-statements.ts'

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

type Candidate = { id: string; rank: number; runAt: Timestamp }
type ClaimedRow = Omit<ClaimedJob, 'token'> & { rank: number }

/** Takes ready jobs: highest priority first, then by due time, then by age. Answers them by priority and age. */
export async function claimJobs(run: RunJobStatement, request: ClaimRequest): Promise<ClaimedJob[]> {
  const { wanted, limit, now, leaseUntil, token, skipLocked } = request
  if (wanted.length === 0) return []
  const perName = wanted.flatMap((one, index) => [
    [`name${index}`, one.name],
    [`limit${index}`, one.limit],
  ])
  const rows = await run(
    `claim ${wanted.length}`,
    (db, p) => {
      // Each name is looked up by itself: a long backlog of a job that may not start now costs the others nothing.
      const ready = wanted.map((_, index) => readyOf(db, p(`name${index}`), p(`limit${index}`), skipLocked))
      const candidates = ready.reduce((all, one) => all.unionAll(one))
      return claimOf(db, candidates, p)
    },
    { limit, now, leaseUntil, token, ...Object.fromEntries(perName) },
  )
  return rows.toSorted(byTurn).map((row) => Object.assign(row, { token }))
}

// `any` for the tables: a query over a query.
type Candidates = SelectQueryBuilder<any, any, Candidate>

function readyOf(db: JobsDb, name: Value, limit: Value, skipLocked: boolean): Candidates {
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
  return db
    .selectFrom((skipLocked ? ready.forUpdate().skipLocked() : ready).as('ready'))
    .select(['ready.id', 'ready.rank', 'ready.runAt'])
}

function claimOf(db: JobsDb, candidates: Candidates, p: Parameter) {
  return db
    .with('due', (cte) =>
      cte
        .selectFrom(candidates.as('candidates'))
        .select('candidates.id')
        .orderBy('rank')
        .orderBy('runAt')
        .orderBy('id')
        .limit(p('limit')),
    )
    .updateTable('jobs')
    .set((eb) => ({
      state: 'running',
      attempt: eb('attempt', '+', 1),
      leaseUntil: p('leaseUntil'),
      leaseToken: p('token'),
      version: eb('version', '+', 1),
      updatedAt: p('now'),
    }))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
    .returning([
      'id',
      'tenantId',
      'name',
      'input',
      'attempt',
      'maxAttempts',
      'actorKind',
      'actorId',
      'origin',
    ])
    .returning(['correlationId', 'causationId', 'depth', 'scheduledFor', 'rank'])
}

function byTurn(a: ClaimedRow, b: ClaimedRow): number {
  return a.rank - b.rank || (a.id < b.id ? -1 : 1)
}
