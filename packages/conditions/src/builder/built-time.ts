import type { Duration, RollingUnit, Window } from '../window/window.ts'

/** A length of rolling time: minutes, hours, days, weeks. A day is 24 hours. */
export type DurationText = `${number}${'m' | 'h' | 'd' | 'w'}`

const UNITS: Readonly<Record<string, RollingUnit>> = { m: 'minute', h: 'hour', d: 'day', w: 'week' }

/**
 * `90d` as a {@link Duration}.
 * @throws RangeError unless it is a whole number, at least 1, of `m`, `h`, `d` or `w`
 */
export function durationOf(length: DurationText | Duration): Duration {
  if (typeof length !== 'string') return length
  const [, amount, unit] = /^([1-9]\d{0,6})([mhdw])$/.exec(length) ?? []
  if (!amount || !unit)
    throw new RangeError(
      `Cannot read the duration "${length}": expected a whole number of m, h, d or w, such as 90d`,
    )
  return { amount: Number(amount), unit: UNITS[unit]! }
}

/** `90d` as the rolling window that ends now; a {@link Window} stays as it is. */
export function windowOf(window: DurationText | Window): Window {
  return typeof window === 'string' ? { last: durationOf(window) } : window
}
