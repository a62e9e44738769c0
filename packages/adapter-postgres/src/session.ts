/** How many statements one connection keeps in mind, prepared or seen once. */
const MAX_STATEMENTS = 500
/** Statements given up are deallocated together, between transactions. */
const DROP_TOGETHER = 20

const PREPARABLE = /^\s*(?:select|insert|update|delete|with)\b[^;]*$/i

/**
 * What is known of one server connection: the names of its prepared statements. A text gets a name when it comes the
 * second time, so that one-off statements do not push out the ones that repeat.
 */
export class Session {
  /** Why the connection is gone, once it is. */
  lost: Error | undefined
  readonly #names = new Map<string, string | null>()
  #dropped: string[] = []
  #last = 0

  /** The name to run a text under; undefined: run it without preparing. */
  nameOf(sql: string): string | undefined {
    const known = this.#names.get(sql)
    if (known === undefined) {
      if (PREPARABLE.test(sql)) this.#remember(sql, null)
      return undefined
    }
    const name = known ?? `c${++this.#last}`
    this.#names.delete(sql)
    this.#names.set(sql, name)
    return name
  }

  /** Gives up one prepared statement. */
  forget(sql: string): void {
    const name = this.#names.get(sql)
    if (name) this.#dropped.push(name)
    this.#names.delete(sql)
  }

  /** Gives up all of them: after DDL their results may have other columns. */
  forgetAll(): void {
    for (const sql of [...this.#names.keys()]) this.forget(sql)
  }

  /** Names to deallocate on the server now; empty until some have gathered. */
  takeDropped(): readonly string[] {
    if (this.#dropped.length < DROP_TOGETHER) return []
    const dropped = this.#dropped
    this.#dropped = []
    return dropped
  }

  #remember(sql: string, name: string | null): void {
    this.#names.set(sql, name)
    if (this.#names.size > MAX_STATEMENTS) this.forget(this.#names.keys().next().value!)
  }
}
