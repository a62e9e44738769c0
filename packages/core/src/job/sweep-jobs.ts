import { sql, type SelectQueryBuilder } from 'kysely'
import { toTimestamp } from '../ports/clock.ts'
import type { JobsDb } from './job.entity.ts'

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

/** Makes waiting jobs ready whose time has come, and takes jobs from workers that gave no sign of life. */
export async function sweepJobs(db: JobsDb, { nowMs, skipLocked }: { nowMs: number; skipLocked: boolean }): Promise<ExpiredJob[]> {
  const now = toTimestamp(nowMs)
  const locked = <Q extends SelectQueryBuilder<any, any, any>>(query: Q): Q => (skipLocked ? (query.forUpdate().skipLocked() as Q) : query)
  const waiting = db.selectFrom('jobs').select('id').where('state', '=', sql.lit('waiting')).where('runAt', '<=', now)
  await db
    .with('due', () => locked(waiting.orderBy('runAt').limit(SLICE)))
    .updateTable('jobs')
    .set((eb) => ({ state: 'ready', version: eb('version', '+', 1), updatedAt: now }))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
    .execute()
  const expired = db.selectFrom('jobs').select('id').where('state', '=', sql.lit('running')).where('leaseUntil', '<=', now)
  const none = { leaseToken: null, leaseUntil: null }
  const lastError = 'The worker gave no sign of life until its lease expired'
  const dead = await db
    .with('due', () => locked(expired.whereRef('attempt', '>=', 'maxAttempts').limit(SLICE)))
    .updateTable('jobs')
    .set((eb) => ({ state: 'dead', ...none, lastError, finishedAt: now, version: eb('version', '+', 1), updatedAt: now }))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
    .returning(['id', 'name', 'tenantId', 'attempt'])
    .execute()
  const again = await db
    .with('due', () => locked(expired.whereRef('attempt', '<', 'maxAttempts').limit(SLICE)))
    .updateTable('jobs')
    .set((eb) => ({ state: 'ready', ...none, lastError, version: eb('version', '+', 1), updatedAt: now }))
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
    .returning(['id', 'name', 'tenantId', 'attempt'])
    .execute()
  return [...dead.map((job) => ({ ...job, dead: true })), ...again.map((job) => ({ ...job, dead: false }))]
}
