/**
 * What `GET /api/v1/live` sends, by its `event:` name; `data:` is one line of JSON. Types only: browsers import them.
 *
 * A block may carry an `id:` and nothing else: the position moved on without anything to show. Blocks that begin with
 * a colon are signs of life. A client keeps the last id it saw and sends it as `Last-Event-ID` when it comes back.
 */
export type LiveEvent =
  | { readonly type: 'hello'; readonly id: string; readonly data: LiveHello }
  | { readonly type: 'change'; readonly id: string; readonly data: LiveChange }
  | { readonly type: 'job'; readonly data: LiveJob }
  | { readonly type: 'reset'; readonly id: string; readonly data: LiveReset }

/** The first event of every connection: what it will tell of. Its id is where the connection begins. */
export interface LiveHello {
  /** Those asked for whose read permission the caller holds. */
  readonly entities: readonly string[]
  readonly jobs: boolean
}

/** Rows that one call wrote, in a transaction that is committed. No values: who may see them reads them. */
export interface LiveChange {
  readonly entity: string
  /** The extension whose columns were patched; absent when they are the entity's own. */
  readonly extension?: string
  readonly kind: 'insert' | 'patch' | 'remove' | 'restore'
  /** The rows' ids; empty when they are more than 100: then read again what you show. */
  readonly ids: readonly string[]
  /** How many rows. */
  readonly count: number
  readonly origin: 'live' | 'import' | 'replay'
}

/** How a job stands: a state that replaces the one before, not history. */
export interface LiveJob {
  readonly id: string
  readonly name: string
  /** As in the queue, or `done`: its row is gone, because it ended well or was cancelled. */
  readonly state: 'waiting' | 'ready' | 'running' | 'dead' | 'done'
  /** Runs begun so far. */
  readonly attempt: number
  /** Progress as the job reports it; null when it reports none. */
  readonly done: number | null
  readonly total: number | null
}

/** Changes between the last id and this event's are not told: read again what you show, and go on from here. */
export interface LiveReset {
  /**
   * `purged`: the position is older than the journal keeps (24 hours). `unknown`: it is not of this database, or of a
   * state of it that was given up for a backup. `behind`: more than 10,000 calls' changes were missed.
   */
  readonly reason: 'purged' | 'unknown' | 'behind'
}
