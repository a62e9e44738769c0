import { coreErrors } from '../errors/core.errors.ts'
import type { BulkColumn, Connection, Statement, StatementResult } from '../storage/storage.ts'

/**
 * A connection for the length of one transaction. Statements that nobody awaited would run after its end, outside it
 * or inside a transaction of someone else.
 */
export class TransactionConnection implements Connection {
  readonly #connection: Connection
  readonly #tenantId: string
  readonly #running = new Set<Promise<unknown>>()
  readonly #streams = new Set<AsyncIterator<StatementResult>>()
  #over = false

  constructor(connection: Connection, tenantId: string) {
    this.#connection = connection
    this.#tenantId = tenantId
  }

  execute(statement: Statement): Promise<StatementResult> {
    return this.#followed(() => this.#connection.execute(statement))
  }

  insertRows(
    table: string,
    columns: readonly BulkColumn[],
    rows: readonly (readonly unknown[])[],
  ): Promise<number> {
    return this.#followed(() => this.#connection.insertRows(table, columns, rows))
  }

  async *stream(statement: Statement, chunkSize: number): AsyncIterableIterator<StatementResult> {
    const rows = this.#connection.stream(statement, chunkSize)
    this.#streams.add(rows)
    try {
      for (;;) {
        const next = await this.#followed(() => rows.next())
        if (next.done) return
        yield next.value
      }
    } finally {
      this.#streams.delete(rows)
      await rows.return?.()
    }
  }

  /** Refuses further statements; resolves when those that were begun are done. */
  async end(): Promise<void> {
    this.#over = true
    await Promise.allSettled(this.#running)
    for (const rows of this.#streams) await rows.return?.().catch(() => {})
  }

  async #followed<T>(run: () => Promise<T>): Promise<T> {
    if (this.#over) throw coreErrors['storage.transaction_over']({ tenantId: this.#tenantId })
    const result = run()
    this.#running.add(result)
    try {
      return await result
    } finally {
      this.#running.delete(result)
    }
  }
}
