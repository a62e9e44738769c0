import { coreErrors } from '../errors/core.errors.ts'
import type { Timestamp } from '../ports/clock.ts'
import type { SqlHelpers } from '../sql/sql-helpers.ts'
import type { Lease } from './claimed-job.ts'
import type { RunJobStatement } from './job-statements.ts'

/** A running job as its worker knows it. */
export interface HeldJob extends Lease {
  /** What it last said, when that is not yet stored. */
  readonly progress?: { readonly done: number; readonly total: number | null } | undefined
}

/** Extends leases and stores progress; answers the leases that were lost. */
export async function extendLeases(
  run: RunJobStatement,
  held: readonly HeldJob[],
  { leaseUntil, helpers }: { readonly leaseUntil: Timestamp; readonly helpers: SqlHelpers },
): Promise<Lease[]> {
  if (held.length === 0) return []
  const ids = held.map(({ id }) => id)
  const tokens = [...new Set(held.map(({ token }) => token))]
  const kept = await run(
    'extend',
    (db, p) =>
      db
        .updateTable('jobs')
        .set({ leaseUntil: p('leaseUntil') })
        .where((eb) => helpers.anyOf(eb.ref('id'), 'uuid', p('ids')))
        .where((eb) => helpers.anyOf(eb.ref('leaseToken'), 'uuid', p('tokens')))
        .returning(['id', 'leaseToken']),
    { ids, tokens, leaseUntil },
  )
  const tokenOf = new Map(kept.map(({ id, leaseToken }) => [id, leaseToken]))
  for (const { id, token, progress } of held) {
    if (!progress || tokenOf.get(id) !== token) continue
    await run(
      'progress',
      (db, p) =>
        db
          .updateTable('jobs')
          .set({ progressDone: p('done'), progressTotal: p('total') })
          .where('id', '=', p('id')),
      { id, ...progress },
    )
  }
  return held.filter(({ id, token }) => tokenOf.get(id) !== token)
}

/**
 * Holds the lease until the transaction ends, so that nobody else can be given the job before its effect is there.
 * Where rows can be locked, a lock that lets heartbeats through does it. Where one writer holds the database, the
 * lease is extended instead, because a long transaction has kept heartbeats out.
 *
 * @throws `job.lease_lost`
 */
export async function holdLease(
  run: RunJobStatement,
  { id, token }: Lease,
  { leaseUntil, rowLocks }: { readonly leaseUntil: Timestamp; readonly rowLocks: boolean },
): Promise<void> {
  const [held] = rowLocks
    ? await run(
        'lock',
        (db, p) =>
          db
            .selectFrom('jobs')
            .select('id')
            .where('id', '=', p('id'))
            .where('leaseToken', '=', p('token'))
            .forKeyShare(),
        { id, token },
      )
    : await run(
        'hold',
        (db, p) =>
          db
            .updateTable('jobs')
            .set({ leaseUntil: p('leaseUntil') })
            .where('id', '=', p('id'))
            .where('leaseToken', '=', p('token'))
            .returning('id'),
        { id, token, leaseUntil },
      )
  if (!held) throw coreErrors['job.lease_lost']({ jobId: id })
}

/** @throws `job.lease_lost` */
export async function checkLease(run: RunJobStatement, { id, token }: Lease): Promise<void> {
  const [held] = await run(
    'check',
    (db, p) =>
      db.selectFrom('jobs').select('id').where('id', '=', p('id')).where('leaseToken', '=', p('token')),
    { id, token },
  )
  if (!held) throw coreErrors['job.lease_lost']({ jobId: id })
}
