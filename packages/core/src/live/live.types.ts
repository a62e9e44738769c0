import type { Timestamp } from '../ports/clock.ts'

/** Live updates of one process. */
export interface Live {
  /** True while somebody listens. */
  readonly isWatched: boolean
  /** Says that this process has committed a change. */
  readonly wake: () => void
  /** The text of one client's event stream. */
  stream(options: StreamOptions): AsyncIterable<string>
  health(): Promise<LiveHealth>
  /** Ends all streams and takes no more. */
  close(): Promise<void>
}

/** How live updates do. */
export interface LiveHealth {
  /** Clients connected to this process. */
  readonly sessions: number
  /** False while the database does not answer to them. */
  readonly ok: boolean
  /**
   * When the oldest change was made that no client may see yet, because a transaction that began before it still runs;
   * null when there is none. All live updates wait for that transaction.
   */
  readonly heldBackSince: Timestamp | null
}

/** What one client is told of. */
export interface SessionOptions {
  readonly tenantId: string
  readonly entities: ReadonlySet<string>
  readonly jobs: boolean
  readonly maxMs: number
}

/** How one client is told. */
export interface StreamOptions extends SessionOptions {
  /** The last id the client saw: its stream goes on behind it. As it was sent. */
  readonly after: string | undefined
  /** Ends after what is there. */
  readonly once: boolean
  /** Ends the stream when it aborts. */
  readonly signal: AbortSignal
}
