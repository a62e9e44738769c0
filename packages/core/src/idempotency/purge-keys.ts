import type { Runtime } from '../kernel/runtime.ts'
import { toTimestamp } from '../ports/clock.ts'
import type { IdempotencyDb } from './idempotency-key.entity.ts'

/** Rows that one transaction of a purge deletes. */
const SLICE = 500

/**
 * Deletes a tenant's keys whose time is over, in slices of a transaction each; answers how many.
 * @param options.signal ends it after the slice under way
 */
export async function purgeIdempotencyKeys(
  { storage, sql, clock }: Runtime,
  { tenantId, signal }: { readonly tenantId: string; readonly signal?: AbortSignal },
): Promise<number> {
  const before = toTimestamp(clock.now())
  const slice = (): Promise<unknown[]> =>
    storage.write({ tenantId }, (connection) =>
      sql.prepared.run(
        connection,
        { tenantId, writes: 'allow', removed: 'show' },
        'idempotency.purge',
        (db, p) => expired(db as IdempotencyDb, p('before')),
        { before },
      ),
    )
  for (let purged = 0; ;) {
    const { length } = await slice()
    purged += length
    if (length < SLICE || signal?.aborted) return purged
  }
}

// `any`: a parameter takes the type of the column it is compared with.
function expired(db: IdempotencyDb, before: any) {
  return db
    .deleteFrom('idempotencyKeys')
    .where('id', 'in', (eb) =>
      eb.selectFrom('idempotencyKeys').select('id').where('expiresAt', '<=', before).limit(SLICE),
    )
    .returning('id')
}
