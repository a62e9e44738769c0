import { coreErrors, type StorageHost } from '@clientele/core'
import type { ConnectionPool, Lease } from './connection-pool.ts'

/** How long a process waits for another one's lock, in milliseconds. */
const PATIENCE = 60_000

/**
 * Runs `run` while no other process holds the lock of that name. Between two tries a waiting process keeps no
 * connection, so that many can start at once on a server with little room.
 *
 * @throws `storage.busy` after 60 s
 */
export async function withAdvisoryLock<T>(
  pool: ConnectionPool,
  host: StorageHost,
  name: string,
  run: () => Promise<T>,
): Promise<T> {
  for (let waited = 0; ;) {
    const attempt = await pool.use((lease) => tryLocked(lease, name, run))
    if (attempt) return attempt.result
    if (waited >= PATIENCE) throw coreErrors['storage.busy']({ waitedMs: waited })
    // Uneven pauses: processes that started together do not come back together.
    const pause = 50 + ((waited * 7) % 150)
    waited += pause
    await host.clock.sleep(pause)
  }
}

/**
 * The lock belongs to a transaction, not to the session: so it also holds behind a pooler that lends a server
 * connection per transaction, and is gone when this process is.
 */
async function tryLocked<T>(
  lease: Lease,
  name: string,
  run: () => Promise<T>,
): Promise<{ result: T } | null> {
  const { client } = lease
  await client.query('begin; set local idle_in_transaction_session_timeout to 0')
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(hashtextextended(concat_ws('/', current_schema(), $1::text), 0)) as locked`,
    [name],
  )
  if (!rows[0]?.locked) {
    // Closing the connection ends the transaction.
    lease.broken = true
    return null
  }
  try {
    // Ends the statement before, whose snapshot would else stay: `CREATE INDEX CONCURRENTLY` waits for every older one.
    await client.query('select')
    return { result: await run() }
  } finally {
    await client.query('rollback').catch(() => (lease.broken = true))
  }
}
