import { sql, type SelectQueryBuilder } from 'kysely'
import { toTimestamp } from '../ports/clock.ts'
import type { JobsDb } from './job.entity.ts'
import type { Parameter } from '../sql/system-statements.ts'
import type { RunJobStatement } from './job-statements.ts'

/** A job whose worker gave no sign of life. */
export interface ExpiredJob {
  readonly id: string
  readonly name: string
  readonly tenantId: string
  readonly attempt: number
  /** It was its last attempt. */
  readonly dead: boolean
}

/** Rows a sweep moves at most, so that it stays short; the next one goes on. */
const SLICE = 500

const NO_SIGN_OF_LIFE = 'The worker gave no sign of life until its lease expired'

/** Makes waiting jobs ready whose time has come, and takes jobs from workers that gave no sign of life. */
export async function sweepJobs(
  run: RunJobStatement,
  { nowMs, skipLocked }: { readonly nowMs: number; readonly skipLocked: boolean },
): Promise<ExpiredJob[]> {
  const parameters = { now: toTimestamp(nowMs) }
  await run('promote', (db, p) => promotion(db, p, skipLocked), parameters)
  const dead = await run('bury', (db, p) => takeover(db, p, { skipLocked, last: true }), parameters)
  const again = await run('revive', (db, p) => takeover(db, p, { skipLocked, last: false }), parameters)
  return [...dead.map((job) => ({ ...job, dead: true })), ...again.map((job) => ({ ...job, dead: false }))]
}

function promotion(db: JobsDb, p: Parameter, skipLocked: boolean) {
  const due = db
    .selectFrom('jobs')
    .select('id')
    .where('state', '=', sql.lit('waiting'))
    .where('runAt', '<=', p('now'))
    .orderBy('runAt')
    .limit(SLICE)
  return db
    .with('due', () => locked(due, skipLocked))
    .updateTable('jobs')
    .set((eb) => ({ state: 'ready', version: eb('version', '+', 1), updatedAt: p('now') }))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
}

function takeover(db: JobsDb, p: Parameter, { skipLocked, last }: { skipLocked: boolean; last: boolean }) {
  const expired = db
    .selectFrom('jobs')
    .select('id')
    .where('state', '=', sql.lit('running'))
    .where('leaseUntil', '<=', p('now'))
    .whereRef('attempt', last ? '>=' : '<', 'maxAttempts')
    .limit(SLICE)
  return db
    .with('due', () => locked(expired, skipLocked))
    .updateTable('jobs')
    .set((eb) => ({
      ...(last ? { state: 'dead' as const, finishedAt: p('now') } : { state: 'ready' as const }),
      leaseToken: null,
      leaseUntil: null,
      lastError: NO_SIGN_OF_LIFE,
      version: eb('version', '+', 1),
      updatedAt: p('now'),
    }))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
    .returning(['id', 'name', 'tenantId', 'attempt'])
}

// `any`: whatever it selects from.
function locked<Q extends SelectQueryBuilder<any, any, any>>(query: Q, skipLocked: boolean): Q {
  return skipLocked ? (query.forUpdate().skipLocked() as Q) : query
}
