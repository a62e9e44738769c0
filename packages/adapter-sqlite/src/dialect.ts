import type { Capabilities, SqlDialect, SqlType } from '@clientele/core'
import { SqliteAdapter } from 'kysely'
import { encode } from './encode.ts'

const COLUMN_TYPES: Readonly<Record<SqlType, string>> = {
  uuid: 'BLOB',
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'INTEGER',
  timestamp: 'INTEGER',
  json: 'TEXT',
  bytes: 'BLOB',
}

export const sqliteDialect: SqlDialect = {
  columnType: (type) => COLUMN_TYPES[type],
  tableSuffix: ' STRICT',
  encode,
}

export const sqliteCapabilities: Capabilities = {
  dialect: 'sqlite',
  fullText: 'fts5',
  skipLocked: false,
  rowLocks: false,
  concurrentWriters: false,
  rowLevelSecurity: false,
  maxParameters: 32_766,
}

/** Kysely's adapter denies what SQLite has: schema changes roll back with their transaction. */
export class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
