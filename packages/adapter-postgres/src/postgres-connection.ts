import type { BulkColumn, Connection, Statement, StatementResult } from '@clientele/core'
import Cursor from 'pg-cursor'
import type { QueryArrayResult } from 'pg'
import { isStalePlan } from './database-error.ts'
import { insertChunks } from './insert-rows.ts'
import type { PgClient } from './postgres.options.ts'
import type { RowPlans } from './row-plan.ts'
import type { Session } from './session.ts'
import { wireTypes } from './types.ts'

/** What a connection of `pg` needs besides its client. */
export interface ConnectionSettings {
  readonly client: PgClient
  /** Null: statements are not prepared. */
  readonly session: Session | null
  readonly plans: RowPlans
  /** A failed statement ends a transaction, so nothing can be tried again inside one. */
  readonly inTransaction: boolean
}

const CHANGES_COLUMNS = /^\s*(?:alter|drop)\b/i
const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** Statements on one connection of `pg`. */
export class PostgresConnection implements Connection {
  readonly #settings: ConnectionSettings

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  async execute({ sql, parameters }: Statement): Promise<StatementResult> {
    const { session, plans } = this.#settings
    const answer = await this.#query(sql, parameters)
    if (session && CHANGES_COLUMNS.test(sql)) session.forgetAll()
    // Several statements in one text answer several results; the last one counts.
    const { command, rowCount, fields, rows } = Array.isArray(answer) ? answer.at(-1)! : answer
    return {
      rows: rows.length > 0 ? plans.of(sql, fields).objects(rows) : [],
      affected: WRITES.has(command) ? (rowCount ?? 0) : 0,
    }
  }

  async *stream({ sql, parameters }: Statement, chunkSize: number): AsyncIterableIterator<StatementResult> {
    const { client, plans } = this.#settings
    const cursor = client.query(
      new Cursor<unknown[]>(sql, [...parameters], { rowMode: 'array', types: wireTypes }),
    )
    try {
      for (;;) {
        const { fields, rows } = await readChunk(cursor, chunkSize)
        if (rows.length > 0) yield { rows: plans.of(sql, fields).objects(rows), affected: 0 }
        if (rows.length < chunkSize) return
      }
    } finally {
      await cursor.close()
    }
  }

  insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly unknown[])[],
  ): Promise<number> {
    return insertChunks(this, table, columns, rows)
  }

  async #query(sql: string, parameters: readonly unknown[]): Promise<QueryArrayResult | QueryArrayResult[]> {
    const { client, session, inTransaction } = this.#settings
    const name = session?.nameOf(sql)
    const query = { text: sql, values: parameters as unknown[], rowMode: 'array' as const, types: wireTypes }
    if (name === undefined) return client.query(query)
    try {
      return await client.query({ ...query, name })
    } catch (error) {
      if (!isStalePlan(error)) throw error
      session?.forget(sql)
      if (inTransaction) throw error
      return client.query(query)
    }
  }
}

interface Chunk {
  readonly rows: unknown[][]
  readonly fields: QueryArrayResult['fields']
}

function readChunk(cursor: Cursor<unknown[]>, size: number): Promise<Chunk> {
  return new Promise((resolve, reject) => {
    // Without an error the result is always there; with one it is not.
    cursor.read(size, (error: Error | undefined, rows, result) =>
      error ? reject(error) : resolve({ rows, fields: result.fields }),
    )
  })
}
