import { systemContext } from '../context/system-context.ts'
import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import { fromTimestamp, toTimestamp } from '../ports/clock.ts'
import { systemStatements, type Parameter, type RunStatement } from '../sql/system-statements.ts'
import type { RateWindowsDb } from './rate-window.entity.ts'

/** Rows that one transaction of a purge deletes. */
const SLICE = 1000

/** Where a window stands after points were taken from it. */
export interface Window {
  readonly used: number
  readonly endsAt: number
}

/**
 * Takes points out of the window of a key that ends at `endsAt`, in a transaction of its own.
 *
 * @param latest a window that ends later was begun by a clock that was wrong, and is begun anew
 * @throws `storage.outer_handle` inside another transaction
 */
export async function takePoints(
  runtime: Runtime,
  window: {
    readonly key: string
    readonly points: number
    readonly endsAt: number
    readonly latest: number
  },
): Promise<Window> {
  const { clock, ids } = runtime
  const { key, points } = window
  const [endsAt, latest] = [toTimestamp(window.endsAt), toTimestamp(window.latest)]
  const now = toTimestamp(clock.now())
  const rows = await inTransaction(runtime, (run) =>
    run('take', take, { id: ids.next(), key, points, endsAt, latest, now }),
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
    const { length } = await inTransaction(runtime, (run) => run('purge', over, { before }))
    purged += length
    if (length < SLICE || signal?.aborted) return purged
  }
}

function inTransaction<T>(
  runtime: Runtime,
  work: (run: RunStatement<RateWindowsDb>) => Promise<T>,
): Promise<T> {
  return systemContext(runtime).tx((t) =>
    work(systemStatements(runtime, (t as InternalTx).connection, 'limits')),
  )
}

function take(db: RateWindowsDb, p: Parameter) {
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
        const runs = eb.and([
          eb('rateWindows.endsAt', '>=', eb.ref('excluded.endsAt')),
          eb('rateWindows.endsAt', '<=', p('latest')),
        ])
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

function over(db: RateWindowsDb, p: Parameter) {
  return db
    .deleteFrom('rateWindows')
    .where('id', 'in', (eb) =>
      eb.selectFrom('rateWindows').select('id').where('endsAt', '<=', p('before')).limit(SLICE),
    )
    .returning('id')
}
