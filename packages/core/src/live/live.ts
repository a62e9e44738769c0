import type { Runtime } from '../kernel/runtime.ts'
import { createJournal } from './journal.ts'
import { liveStream } from './live-stream.ts'
import { LiveTail } from './live-tail.ts'
import type { Live } from './live.types.ts'

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
