import { systemActor } from '../context/actor.ts'
import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import { fromTimestamp, toTimestamp } from '../ports/clock.ts'
import type { Binding } from '../sql/sql-layer.ts'
import type { RateWindowsDb } from './rate-window.entity.ts'

const SYSTEM: Binding = { tenantId: null, writes: 'allow', removed: 'show' }
/** Rows that one transaction of a purge deletes. */
const SLICE = 1000

/** Where a window stands after points were taken from it. */
export interface Window {
  readonly used: number
  readonly endsAt: number
}

/**
 * Takes points out of the window of a key that ends at `endsAt`, in a transaction of its own.
 * @throws `storage.outer_handle` inside another transaction
 */
export async function takePoints(
  runtime: Runtime,
  { key, points, endsAt }: { readonly key: string; readonly points: number; readonly endsAt: number },
): Promise<Window> {
  const { sql, clock, ids } = runtime
  const rows = await system(runtime).tx((t) =>
    sql.prepared.run<{ used: number; endsAt: string }>(
      (t as InternalTx).connection,
      SYSTEM,
      'limits.take',
      (db, p) => take(db as RateWindowsDb, p),
      { id: ids.next(), key, points, endsAt: toTimestamp(endsAt), now: toTimestamp(clock.now()) },
    ),
  )
  const { used, endsAt: end } = rows[0]!
  return { used, endsAt: fromTimestamp(end) }
}

/**
 * Deletes windows that are over, in slices of a transaction each; answers how many.
 * @param signal ends it after the slice under way
 */
export async function purgeRateWindows(runtime: Runtime, signal?: AbortSignal): Promise<number> {
  const before = toTimestamp(runtime.clock.now())
  for (let purged = 0; ;) {
    const { length } = await system(runtime).tx((t) =>
      runtime.sql.prepared.run(
        (t as InternalTx).connection,
        SYSTEM,
        'limits.purge',
        (db, p) => over(db as RateWindowsDb, p('before')),
        { before },
      ),
    )
    purged += length
    if (length < SLICE || signal?.aborted) return purged
  }
}

// `any`: a parameter fits every column it is compared with or written to.
function take(db: RateWindowsDb, p: (name: string) => any) {
  return db
    .insertInto('rateWindows')
    .values({
      id: p('id'),
      key: p('key'),
      used: p('points'),
      endsAt: p('endsAt'),
      version: 1,
      createdAt: p('now'),
      updatedAt: p('now'),
    })
    .onConflict((conflict) =>
      conflict.columns(['key']).doUpdateSet((eb) => {
        // A node whose clock is behind counts in the window that the others have begun.
        const runs = eb('rateWindows.endsAt', '>=', eb.ref('excluded.endsAt'))
        return {
          used: eb
            .case()
            .when(runs)
            .then(eb('rateWindows.used', '+', eb.ref('excluded.used')))
            .else(eb.ref('excluded.used'))
            .end(),
          endsAt: eb
            .case()
            .when(runs)
            .then(eb.ref('rateWindows.endsAt'))
            .else(eb.ref('excluded.endsAt'))
            .end(),
          updatedAt: p('now'),
        }
      }),
    )
    .returning(['used', 'endsAt'])
}

// `any`: as above.
function over(db: RateWindowsDb, before: any) {
  return db
    .deleteFrom('rateWindows')
    .where('id', 'in', (eb) =>
      eb.selectFrom('rateWindows').select('id').where('endsAt', '<=', before).limit(SLICE),
    )
    .returning('id')
}

function system(runtime: Runtime) {
  return runtime.context({
    tenantId: '*',
    actor: systemActor,
    requestId: runtime.ids.next(),
    origin: 'live',
    signal: new AbortController().signal,
  })
}
