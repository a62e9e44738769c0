import Database from 'better-sqlite3'
import type { DataTable, Encoding, Row } from './data-set.ts'

const ROWS_PER_STATEMENT = 100

export const sqliteEncoding: Encoding = {
  uuid(time, kind, tail) {
    const bytes = Buffer.allocUnsafe(16)
    bytes.writeUIntBE(time, 0, 6)
    bytes.writeUInt16BE(0x7000 + kind, 6)
    bytes.writeUInt32BE(0x80000000, 8)
    bytes.writeUInt32BE(tail, 12)
    return bytes
  },
  instant: (ms) => ms,
  boolean: Number,
}

/**
 * Fills the tables of a migrated database that nobody else has open: no journal, no sync, indexes afterwards.
 */
export function loadSqlite(file: string, tables: readonly DataTable[], prefix: string): void {
  const database = new Database(file)
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.pragma('foreign_keys = OFF')
  database.pragma('cache_size = -262144')
  database.pragma('temp_store = MEMORY')
  database.pragma('threads = 2')
  for (const { name, columns, rows } of tables) {
    const indexes = database
      .prepare(
        `SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`,
      )
      .all(prefix + name) as { name: string; sql: string }[]
    for (const index of indexes) database.exec(`DROP INDEX "${index.name}"`)
    insert(database, { table: prefix + name, columns, rows: rows() })
    for (const index of indexes) database.exec(index.sql)
  }
  database.pragma('journal_mode = WAL')
  database.close()
}

function insert(
  database: Database.Database,
  { table, columns, rows }: { table: string; columns: readonly string[]; rows: Iterable<Row> },
): void {
  const values = `(${columns.map(() => '?').join(', ')})`
  const statement = (count: number): Database.Statement =>
    database.prepare(
      `INSERT INTO "${table}" (${columns.join(', ')}) VALUES ${Array.from({ length: count }, () => values).join(', ')}`,
    )
  const many = statement(ROWS_PER_STATEMENT)
  database.exec('BEGIN')
  let batch: unknown[] = []
  for (const row of rows) {
    batch.push(...row)
    if (batch.length < ROWS_PER_STATEMENT * columns.length) continue
    many.run(batch)
    batch = []
  }
  if (batch.length > 0) statement(batch.length / columns.length).run(batch)
  database.exec('COMMIT')
}
