import type Database from 'better-sqlite3'
import { openNow } from './open-database.ts'
import { type ConnectionContext, SqliteConnection, type StreamSource } from './sqlite-connection.ts'

const SETTINGS = { cacheMiB: 32, readsOnly: true } as const

/** The reading connection of the main thread, and one beside it for each stream that is open. */
export class ReaderLane implements StreamSource {
  readonly #file: string
  readonly #context: ConnectionContext
  /** One is kept for the next stream. */
  #idle: Database.Database | null = null
  #connection: SqliteConnection

  constructor(file: string, context: ConnectionContext) {
    this.#file = file
    this.#context = context
    this.#connection = this.#open()
  }

  get connection(): SqliteConnection {
    return this.#connection
  }

  // While a stream is open its connection goes on seeing the state it began with; other reads must not.
  lease(): { readonly database: Database.Database; release(): void } {
    const database = this.#idle ?? openNow(this.#file, SETTINGS)
    this.#idle = null
    return {
      database,
      release: () => {
        if (this.#idle) database.close()
        else this.#idle = database
      },
    }
  }

  /** Opens the connection anew, which is how it learns new planner statistics. */
  reopen(): void {
    const old = this.#connection
    this.#connection = this.#open()
    old.closeStreams()
    old.database.close()
  }

  close(): void {
    this.#connection.closeStreams()
    this.#connection.database.close()
    this.#idle?.close()
    this.#idle = null
  }

  #open(): SqliteConnection {
    return new SqliteConnection(openNow(this.#file, SETTINGS), this.#context, this)
  }
}
