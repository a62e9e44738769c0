import { coreErrors } from '../errors/core.errors.ts'
import type { Timestamp } from '../ports/clock.ts'
import type { SqlHelpers } from '../sql/sql-helpers.ts'
import type { Lease } from './claimed-job.ts'
import type { JobsDb } from './job.entity.ts'

/** A running job as its worker knows it. */
export interface HeldJob extends Lease {
  /** What it last said, when that is not yet stored. */
  readonly progress?: { readonly done: number; readonly total: number | null } | undefined
}

/** Extends leases and stores progress; answers the leases that were lost. */
export async function extendLeases(
  db: JobsDb,
  held: readonly HeldJob[],
  { leaseUntil, helpers }: { leaseUntil: Timestamp; helpers: SqlHelpers },
): Promise<Lease[]> {
  if (held.length === 0) return []
  const tokens = [...new Set(held.map(({ token }) => token))]
  const kept = await db
    .updateTable('jobs')
    .set({ leaseUntil })
    .where((eb) => helpers.anyOf(eb.ref('id'), 'uuid', held.map(({ id }) => id)))
    .where((eb) => helpers.anyOf(eb.ref('leaseToken'), 'uuid', tokens))
    .returning(['id', 'leaseToken'])
    .execute()
  const tokenOf = new Map(kept.map(({ id, leaseToken }) => [id, leaseToken]))
  for (const { id, token, progress } of held) {
    if (!progress || tokenOf.get(id) !== token) continue
    const said = { progressDone: progress.done, progressTotal: progress.total }
    await db.updateTable('jobs').set(said).where('id', '=', id).where('leaseToken', '=', token).execute()
  }
  return held.filter(({ id, token }) => tokenOf.get(id) !== token)
}

/**
 * Holds the lease until the transaction ends, so that nobody else can be given the job before its effect is there.
 * Where rows can be locked this lock lets heartbeats through; where one writer holds the database, the lease is
 * extended instead, because a long transaction has kept heartbeats out.
 *
 * @throws `job.lease_lost`
 */
export async function holdLease(
  db: JobsDb,
  { id, token }: Lease,
  { leaseUntil, rowLocks }: { leaseUntil: Timestamp; rowLocks: boolean },
): Promise<void> {
  const held = rowLocks
    ? await db.selectFrom('jobs').select('id').where('id', '=', id).where('leaseToken', '=', token).forKeyShare().executeTakeFirst()
    : await db.updateTable('jobs').set({ leaseUntil }).where('id', '=', id).where('leaseToken', '=', token).returning('id').executeTakeFirst()
  if (!held) throw coreErrors['job.lease_lost']({ jobId: id })
}

/** @throws `job.lease_lost` */
export async function checkLease(db: JobsDb, { id, token }: Lease): Promise<void> {
  const held = await db.selectFrom('jobs').select('id').where('id', '=', id).where('leaseToken', '=', token).executeTakeFirst()
  if (!held) throw coreErrors['job.lease_lost']({ jobId: id })
}
