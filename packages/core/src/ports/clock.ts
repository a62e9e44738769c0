/** An instant as TypeScript and the wire see it: ISO-8601, UTC, milliseconds: `2026-01-31T09:30:00.000Z`. */
export type Timestamp = string

/**
 * The only source of time. Leases, due times and windows are bound parameters taken from here, and SQL never
 * calls `now()`, so a test clock moves everything.
 */
export interface Clock {
  /** Milliseconds since 1970 (UTC). Never goes backwards within a process. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A {@link Clock} that carries database time: call `synchronise` with the database's own time. */
export interface SystemClock extends Clock {
  /** Adopts the database's time; a step backwards is absorbed by standing still. */
  synchronise(databaseNow: number): void
}

/** The real clock: wall time read once, carried forward by the monotonic clock. */
export function systemClock(): SystemClock {
  let offset = Date.now() - performance.now()
  let latest = 0
  return {
    now() {
      latest = Math.max(latest, Math.floor(offset + performance.now()))
      return latest
    },
    synchronise(databaseNow) {
      offset = databaseNow - performance.now()
    },
    sleep,
  }
}

/** Formats milliseconds since 1970 as a {@link Timestamp}. */
export function toTimestamp(ms: number): Timestamp {
  return new Date(ms).toISOString()
}

/** Milliseconds since 1970 of a {@link Timestamp}. */
export function fromTimestamp(timestamp: Timestamp): number {
  return Date.parse(timestamp)
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
