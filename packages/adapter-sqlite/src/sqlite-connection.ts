import type { BulkColumn, Connection, Statement, StatementResult, StorageHost } from '@clientele/core'
import type Database from 'better-sqlite3'
import { BUSY_TIMEOUT, isBusy, untilFree } from './busy.ts'
import { bindable } from './encode.ts'
import { turn, turnIsDue } from './event-loop.ts'
import { insertStatements } from './insert-rows.ts'
import { decodeRow, type RowPlan } from './row-plan.ts'
import { type PreparedStatement, StatementCache } from './statement-cache.ts'

/** What the connections of one storage have in common. */
export interface ConnectionContext {
  readonly columnType: StorageHost['columnType']
  /** Grows with every schema change of this process: statements prepared before are prepared again. */
  schemaVersion: number
  /** Told of every statement that held the main thread longer than `slowStatementMs`. */
  readonly onSlowStatement: ((statement: Statement, ms: number) => void) | undefined
  readonly slowStatementMs: number
}

/** Where a stream runs: a statement that stays open pins what its connection sees. */
export interface StreamSource {
  lease(): { readonly database: Database.Database; release(): void }
}

/** A better-sqlite3 database as a {@link Connection}: statements answer on this thread, before the promise does. */
export class SqliteConnection implements Connection {
  readonly database: Database.Database
  readonly #context: ConnectionContext
  readonly #streams: StreamSource
  readonly #statements: StatementCache
  readonly #openStreams = new Set<() => void>()
  #schemaVersion = 0
  #fileSchemaVersion = -1

  constructor(database: Database.Database, context: ConnectionContext, streams: StreamSource) {
    this.database = database
    this.#context = context
    this.#streams = streams
    this.#statements = new StatementCache(database, context.columnType)
  }

  async execute(statement: Statement): Promise<StatementResult> {
    // Also a read can find the database busy, for the moment in which another process recovers a dead one's log.
    const result = this.#tryOnce(statement) ?? (await untilFree(() => this.run(statement), BUSY_TIMEOUT))
    if (turnIsDue()) await turn()
    return result
  }

  /** Executes on the spot. */
  run({ sql, parameters }: Statement): StatementResult {
    return this.#timed({ sql, parameters }, () => {
      const prepared = this.#prepare(sql)
      if (!prepared.handle.reader) {
        const { changes } = prepared.handle.run(bindable(parameters))
        if (prepared.changesSchema) this.#context.schemaVersion++
        return { rows: [], affected: changes }
      }
      const rows = prepared.handle.all(bindable(parameters)) as unknown[][]
      return { rows: this.#decode(prepared, rows), affected: prepared.handle.readonly ? 0 : rows.length }
    })
  }

  async *stream(statement: Statement, chunkSize: number): AsyncIterableIterator<StatementResult> {
    const source = await untilFree(() => this.#streams.lease(), BUSY_TIMEOUT)
    const { columnType } = this.#context
    let close = (): void => source.release()
    const closeOnce = (): void => {
      if (this.#openStreams.delete(closeOnce)) close()
    }
    this.#openStreams.add(closeOnce)
    try {
      const prepared = new StatementCache(source.database, columnType).prepare(statement.sql)
      const start = (): { rows: IterableIterator<unknown>; first: IteratorResult<unknown> } => {
        const rows = prepared.handle.iterate(bindable(statement.parameters))
        return { rows, first: rows.next() }
      }
      const opened = await untilFree(start, BUSY_TIMEOUT)
      close = () => {
        opened.rows.return?.()
        source.release()
      }
      let next = opened.first
      while (!next.done) {
        const chunk: unknown[][] = []
        this.#timed(statement, () => {
          for (; !next.done && chunk.length < chunkSize; next = opened.rows.next())
            chunk.push(next.value as unknown[])
        })
        yield { rows: this.#decode(prepared, chunk), affected: 0 }
        if (turnIsDue()) await turn()
      }
    } finally {
      closeOnce()
    }
  }

  /** Ends the streams that their readers left open; they answer no further rows. */
  closeStreams(): void {
    for (const close of this.#openStreams) close()
  }

  async insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly unknown[])[],
  ): Promise<number> {
    const names = columns.map(({ name }) => name)
    // A single row is all or none by itself.
    if (rows.length === 1) {
      for (const statement of insertStatements(table, names, rows)) await this.execute(statement)
      return 1
    }
    this.run({ sql: 'SAVEPOINT insert_rows', parameters: [] })
    try {
      for (const statement of insertStatements(table, names, rows)) await this.execute(statement)
    } catch (error) {
      // A full disk has ended the whole transaction already.
      if (this.database.inTransaction) this.run({ sql: 'ROLLBACK TO insert_rows', parameters: [] })
      throw error
    } finally {
      if (this.database.inTransaction) this.run({ sql: 'RELEASE insert_rows', parameters: [] })
    }
    return rows.length
  }

  /** What the rows of a statement become, without running it; null when it answers none. */
  plan(sql: string): RowPlan | null {
    const version = this.database.pragma('schema_version', { simple: true }) as number
    if (version !== this.#fileSchemaVersion) this.#context.schemaVersion++
    this.#fileSchemaVersion = version
    const prepared = this.#prepare(sql)
    if (!prepared.handle.reader) return null
    return prepared.plan ?? this.#statements.plan(prepared)
  }

  /** Drops what was prepared, and looks at the schema anew. */
  forget(): void {
    this.#statements.clear()
    this.#schemaVersion = this.#context.schemaVersion
    this.database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get()
  }

  #prepare(sql: string): PreparedStatement {
    if (this.#schemaVersion !== this.#context.schemaVersion) this.forget()
    return this.#statements.get(sql)
  }

  #tryOnce(statement: Statement): StatementResult | null {
    try {
      return this.run(statement)
    } catch (error) {
      if (this.database.inTransaction || !isBusy(error)) throw error
      return null
    }
  }

  #decode(prepared: PreparedStatement, rows: unknown[][]): Record<string, unknown>[] {
    const first = rows[0]
    if (!first) return []
    let plan = prepared.plan ?? this.#statements.plan(prepared)
    // Another process changed the table: SQLite has prepared `select *` anew by itself.
    if (first.length !== plan.names.length) plan = this.#statements.plan(prepared)
    return rows.map((values) => decodeRow(plan, values))
  }

  #timed<T>(statement: Statement, work: () => T): T {
    const { onSlowStatement, slowStatementMs } = this.#context
    if (!onSlowStatement) return work()
    const startedAt = performance.now()
    const result = work()
    const ms = performance.now() - startedAt
    if (ms > slowStatementMs) onSlowStatement(statement, ms)
    return result
  }
}
