import type { BulkColumn, Connection, Statement, StatementResult } from '@clientele/core'
import type { QueryArrayResult } from 'pg'
import { isStalePlan } from './database-error.ts'
import { insertChunks } from './insert-rows.ts'
import type { PgClient } from './postgres.options.ts'
import type { RowPlans } from './row-plan.ts'
import type { Session } from './session.ts'
import { streamRows } from './stream-rows.ts'
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
/** Commands that change rows, as the server names them. */
export const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/** Statements on one connection of `pg`. */
export class PostgresConnection implements Connection {
  readonly #settings: ConnectionSettings
  #streams = 0
  #last: Promise<void> | undefined

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  /** Statements run one after the other, also when the caller does not wait for each. */
  async execute(statement: Statement): Promise<StatementResult> {
    const before = this.#last
    let done: (() => void) | undefined
    this.#last = new Promise((resolve) => (done = resolve))
    await before
    try {
      return await this.#execute(statement)
    } finally {
      done?.()
    }
  }

  async *stream(statement: Statement, chunkSize: number): AsyncIterableIterator<StatementResult> {
    const { client, inTransaction } = this.#settings
    const begins = !inTransaction && this.#streams === 0
    if (begins) await client.query('begin read only')
    this.#streams++
    try {
      yield* streamRows(this, statement, chunkSize)
    } finally {
      this.#streams--
      if (begins) await client.query('rollback')
    }
  }

  insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly unknown[])[],
  ): Promise<number> {
    return insertChunks(this, table, columns, rows)
  }

  async #execute({ sql, parameters }: Statement): Promise<StatementResult> {
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
      if (inTransaction || this.#streams > 0) throw error
      return client.query(query)
    }
  }
}
