import { postgres } from '@clientele/adapter-postgres'
import pg from 'pg'
import type { Database, Sql } from './database.ts'

/** The shop on PostgreSQL: one pool, from which Clientele borrows connections too. */
export function postgresDatabase(url: string): Database {
  const pool = new pg.Pool({ connectionString: url })
  pool.on('error', () => {}) // an idle connection that breaks is replaced with the next query
  return {
    sql: statementsOn(pool),
    on: (connection) => statementsOn(connection as pg.ClientBase),
    storage: postgres({ pool }),
    close: () => pool.end(),
  }
}

function statementsOn(queryable: Pick<pg.ClientBase, 'query'>): Sql {
  return async (text, ...values) => {
    const numbered = text.reduce((sql, part, index) => `${sql}$${index}${part}`)
    return (await queryable.query(numbered, [...values])).rows
  }
}
