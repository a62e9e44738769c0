import { sqlite } from '@clientele/adapter-sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import type { Database, Sql } from './database.ts'

/**
 * The shop on SQLite. One connection writes, and Clientele writes through the same one: that is what lets both stand in
 * one transaction. Reads have a connection of their own, so that they never see what is not committed.
 */
export function sqliteDatabase(file: string): Database {
  mkdirSync(dirname(file), { recursive: true })
  const writer = new BetterSqlite(file)
  writer.pragma('journal_mode = WAL')
  const reader = new BetterSqlite(file, { readonly: true })
  return {
    sql: statementsOn(reader),
    on: (connection) => statementsOn(connection as BetterSqlite.Database),
    storage: sqlite({ database: writer }),
    async close() {
      reader.close()
      writer.close()
    },
  }
}

function statementsOn(database: BetterSqlite.Database): Sql {
  return async <Row>(text: TemplateStringsArray, ...values: readonly unknown[]) => {
    const statement = database.prepare(text.join('?'))
    if (statement.reader) return statement.all(...values) as Row[]
    statement.run(...values)
    return []
  }
}
