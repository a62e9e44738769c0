import { coreErrors, systemRandom } from '@clientele/core'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a caller waits for a lock that another process holds. */
export const BUSY_TIMEOUT = 10_000

const LONGEST_PAUSE = 8
/** From here on a caller asks every millisecond, so that it is not the one who always comes too late. */
const PATIENCE = 300
const random = systemRandom()

/** True when SQLite could not get a lock because another connection holds it. */
export function isBusy(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
}

/**
 * Repeats `attempt` while the database is busy. The pauses grow and carry jitter, so that processes that wait for each
 * other do not march in step; the event loop runs meanwhile.
 *
 * @param startedAt monotonic time from which `timeoutMs` counts
 * @throws `storage.busy` after `timeoutMs`
 */
export async function untilFree<T>(
  attempt: () => T,
  timeoutMs: number,
  startedAt = performance.now(),
): Promise<T> {
  for (let pause = 1; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    let waitedMs: number
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw error
      waitedMs = Math.round(performance.now() - startedAt)
      if (waitedMs >= timeoutMs) throw coreErrors['storage.busy']({ waitedMs }, { cause: error })
    }
    if (waitedMs > PATIENCE) pause = 1
    await sleep(pause * (0.5 + random.number()))
  }
}
