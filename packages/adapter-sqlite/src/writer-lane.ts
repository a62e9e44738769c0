import type Database from 'better-sqlite3'
import { BUSY_TIMEOUT, untilFree } from './busy.ts'
import { Mutex } from './mutex.ts'
import { type ConnectionContext, SqliteConnection, type StreamSource } from './sqlite-connection.ts'

/** The one writing connection of a process: transactions queue here, then wait for other processes. */
export class WriterLane {
  readonly connection: SqliteConnection
  readonly #database: Database.Database
  readonly #context: ConnectionContext
  readonly #shared: boolean
  readonly #mutex = new Mutex()

  /** @param shared the database is the host's: its own settings are put back after use */
  constructor(database: Database.Database, context: ConnectionContext, shared: boolean) {
    this.#database = database
    this.#context = context
    this.#shared = shared
    this.connection = new SqliteConnection(database, context, writableWhileStreaming(database))
  }

  /**
   * Runs `work` in a `BEGIN IMMEDIATE` transaction.
   * @throws `storage.busy` when queue and lock together take 10 s
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const release = await this.#mutex.acquire(BUSY_TIMEOUT)
    const { schemaVersion } = this.#context
    try {
      await untilFree(() => this.#begin(), BUSY_TIMEOUT, startedAt)
      const result = await work()
      this.connection.closeStreams()
      await untilFree(() => this.#end('COMMIT'), BUSY_TIMEOUT)
      return result
    } catch (error) {
      this.connection.closeStreams()
      if (this.#database.inTransaction) this.#end('ROLLBACK')
      throw error
    } finally {
      // What other connections prepared meanwhile knew the old schema, what this one did is rolled back.
      if (this.#context.schemaVersion !== schemaVersion) this.#context.schemaVersion++
      release()
    }
  }

  /** Resolves when nothing runs or waits; nothing can be begun afterwards. */
  async drain(): Promise<void> {
    await this.#mutex.acquire()
  }

  /** To be called after {@link drain}. A shared database stays open. */
  close(): void {
    this.connection.closeStreams()
    if (this.#shared) return
    // The log is folded back by the last process that closes; here a part of it, if nobody is in the way.
    this.#database.pragma('wal_checkpoint(PASSIVE)')
    this.#database.close()
  }

  #begin(): void {
    if (this.#database.inTransaction) {
      const error = new Error('The host has a transaction of its own open on the shared database')
      throw Object.assign(error, { code: 'SQLITE_BUSY' })
    }
    if (!this.#shared) return this.#end('BEGIN IMMEDIATE')
    const timeout = this.#database.pragma('busy_timeout', { simple: true }) as number
    this.#database.pragma('busy_timeout = 0')
    try {
      this.#end('BEGIN IMMEDIATE')
    } finally {
      this.#database.pragma(`busy_timeout = ${timeout}`)
    }
  }

  #end(sql: 'BEGIN IMMEDIATE' | 'COMMIT' | 'ROLLBACK'): void {
    this.connection.run({ sql, parameters: [] })
  }
}

// better-sqlite3 refuses to write while rows are being read unless it is told that this is meant.
function writableWhileStreaming(database: Database.Database): StreamSource {
  let open = 0
  return {
    lease() {
      if (open++ === 0) database.unsafeMode(true)
      return {
        database,
        release() {
          if (--open === 0) database.unsafeMode(false)
        },
      }
    },
  }
}
