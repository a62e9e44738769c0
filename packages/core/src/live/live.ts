import type { Runtime } from '../kernel/runtime.ts'
import type { Timestamp } from '../ports/clock.ts'
import { createJournal } from './journal.ts'
import { liveStream, type StreamOptions } from './live-stream.ts'
import { LiveTail } from './live-tail.ts'

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

/** Does nothing until somebody listens. */
export function createLive(runtime: Runtime): Live {
  const journal = createJournal(runtime)
  const tail = new LiveTail(runtime, journal)
  return {
    get isWatched() {
      return tail.sessions > 0
    },
    wake: tail.wake,
    stream: (options) => liveStream({ runtime, journal, tail }, options),
    async health() {
      return { sessions: tail.sessions, ok: !tail.failing, heldBackSince: await journal.heldBackSince() }
    },
    close: () => tail.close(),
  }
}
