import type { Clock } from '@clientele/core'

/** A clock that stands still until told otherwise. `sleep` waits in real time, so retries in tests stay short. */
export interface TestClock extends Clock {
  /** Moves on by milliseconds or by a length such as `90s`, `15m`, `2h`, `1d`. */
  advance(by: number | `${number}${'s' | 'm' | 'h' | 'd'}`): void
  set(instant: string): void
}

const UNITS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** @param start where the clock stands first */
export function testClock(start: string): TestClock {
  let now = Date.parse(start)
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, Math.min(ms, 50))
        signal?.addEventListener('abort', () => {
          clearTimeout(timer)
          reject(signal.reason as Error)
        })
      }),
    advance(by) {
      now += typeof by === 'number' ? by : Number(by.slice(0, -1)) * UNITS[by.at(-1) as keyof typeof UNITS]
    },
    set(instant) {
      now = Date.parse(instant)
    },
  }
}
