import type { StorageDetails } from '@clientele/core'
import type { ConnectionPool } from './connection-pool.ts'

interface Row {
  readonly version: string
  readonly fsync: string
  readonly synchronousCommit: string
  readonly fullPageWrites: string
  readonly statementTimeout: number
  readonly lockTimeout: number
  readonly idleTimeout: number
  readonly replica: boolean
  readonly size: string
  readonly connections: number
  readonly maxConnections: number
}

// The time-outs as this connection has them, in milliseconds: they are ours, unless the pool is the host's.
const FACTS = `
  select current_setting('server_version') as version, current_setting('fsync') as fsync,
    current_setting('synchronous_commit') as "synchronousCommit",
    current_setting('full_page_writes') as "fullPageWrites",
    (select setting::int from pg_settings where name = 'statement_timeout') as "statementTimeout",
    (select setting::int from pg_settings where name = 'lock_timeout') as "lockTimeout",
    (select setting::int from pg_settings where name = 'idle_in_transaction_session_timeout') as "idleTimeout",
    pg_is_in_recovery() as replica, pg_database_size(current_database())::text as size,
    (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
    current_setting('max_connections')::int as "maxConnections"`

export async function postgresDetails(pool: ConnectionPool): Promise<StorageDetails> {
  const row = await pool.use(async ({ client }) => (await client.query<Row>(FACTS)).rows[0]!)
  return {
    engine: 'PostgreSQL',
    version: row.version,
    fsync: row.fsync,
    'synchronous.commit': row.synchronousCommit,
    'full.page.writes': row.fullPageWrites,
    'statement.timeout.ms': row.statementTimeout,
    'lock.timeout.ms': row.lockTimeout,
    'idle.in.transaction.timeout.ms': row.idleTimeout,
    replica: row.replica,
    'size.bytes': Number(row.size),
    'server.connections': row.connections,
    'server.connections.max': row.maxConnections,
    ...pool.usage(),
  }
}
