import type { StorageHost } from '@clientele/core'
import type Database from 'better-sqlite3'
import { planRows, type RowPlan } from './row-plan.ts'

/** A statement ready to run. */
export interface PreparedStatement {
  readonly handle: Database.Statement
  /**
   * What its rows become. Known once it has run: only then has SQLite looked whether the schema it prepared the
   * statement for is still the current one.
   */
  plan: RowPlan | null
  /** True for CREATE, ALTER and DROP: what others prepared may be out of date afterwards. */
  readonly changesSchema: boolean
}

/** Statements of one connection by their text; the least recently used ones are forgotten. */
export class StatementCache {
  readonly #database: Database.Database
  readonly #columnType: StorageHost['columnType']
  readonly #size: number
  readonly #statements = new Map<string, PreparedStatement>()

  constructor(database: Database.Database, columnType: StorageHost['columnType'], size = 500) {
    this.#database = database
    this.#columnType = columnType
    this.#size = size
  }

  get(sql: string): PreparedStatement {
    const known = this.#statements.get(sql)
    if (known) {
      this.#statements.delete(sql)
      this.#statements.set(sql, known)
      return known
    }
    const made = this.prepare(sql)
    if (!made.changesSchema) this.#statements.set(sql, made)
    if (this.#statements.size > this.#size) this.#statements.delete(this.#statements.keys().next().value!)
    return made
  }

  /** A statement of its own, for a caller that keeps it open. */
  prepare(sql: string): PreparedStatement {
    const handle = this.#database.prepare(sql)
    if (handle.reader) handle.raw(true)
    return { handle, plan: null, changesSchema: /^\s*(create|alter|drop)\b/i.test(sql) }
  }

  plan(prepared: PreparedStatement): RowPlan {
    prepared.plan = planRows(prepared.handle.columns(), this.#columnType)
    return prepared.plan
  }

  clear(): void {
    this.#statements.clear()
  }
}
