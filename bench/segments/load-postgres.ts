import { setImmediate } from 'node:timers/promises'
import type pg from 'pg'
import { copyIn } from './copy-in.ts'
import type { DataTable, Encoding, Row } from './data-set.ts'

const ROWS_PER_STATEMENT = 5000

export const postgresEncoding: Encoding = {
  uuid: (time, kind, tail) => `${hex(time, 12)}${hex(0x7000 + kind, 4)}80000000${hex(tail, 8)}`,
  instant: (ms) => new Date(ms).toISOString(),
  boolean: String,
}

/** Fills the tables of a migrated database: indexes afterwards, references unchecked. Ends with VACUUM ANALYZE. */
export async function loadPostgres(
  client: pg.Client,
  tables: readonly DataTable[],
  prefix: string,
): Promise<void> {
  await client.query(
    `SET session_replication_role = replica; SET synchronous_commit = off; SET timezone = 'UTC'`,
  )
  await client.query(`SET maintenance_work_mem = '512MB'`)
  await client.query('BEGIN')
  // With wal_level = minimal, tables that are new to a transaction are filled without a log.
  await client.query(`TRUNCATE ${tables.map(({ name }) => `"${prefix}${name}"`).join(', ')} CASCADE`)
  for (const { name, columns, rows } of tables) {
    const { rows: indexes } = await client.query<{ name: string; sql: string }>(
      `SELECT i.indexname AS name, i.indexdef AS sql FROM pg_indexes i WHERE i.tablename = $1
         AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)`,
      [prefix + name],
    )
    for (const index of indexes) await client.query(`DROP INDEX "${index.name}"`)
    await insert(client, `"${prefix}${name}" (${columns.join(', ')})`, rows())
    for (const index of indexes) await client.query(index.sql)
  }
  await client.query('COMMIT')
  for (const { name } of tables) await client.query(`VACUUM (ANALYZE) "${prefix}${name}"`)
  await client.query('RESET ALL')
  await client.query('CHECKPOINT')
}

async function insert(client: pg.Client, into: string, rows: Iterable<Row>): Promise<void> {
  let batch: Row[] = []
  let running = Promise.resolve()
  for (const row of rows) {
    batch.push(row)
    if (batch.length < ROWS_PER_STATEMENT) continue
    await running
    running = copyIn(client, into, batch)
    batch = []
    // The server works on this batch while the next one is made, once it has all of it.
    await setImmediate()
  }
  await running
  if (batch.length > 0) await copyIn(client, into, batch)
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
