import { fromTimestamp, toTimestamp, zoneTime, type Timestamp } from '@clientele/core'
import * as z from 'zod'
import type { Environment } from '../environment.ts'
import { remembered } from '../time/remembered.ts'

/** Lengths of rolling time. A day is 24 hours, wherever the customer lives. */
export const ROLLING_UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const
export type RollingUnit = keyof typeof ROLLING_UNITS

/** Periods of the tenant's calendar. A week begins on Monday. */
export const CALENDAR_UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type CalendarUnit = (typeof CALENDAR_UNITS)[number]

/** A length of rolling time. */
export interface Duration {
  readonly amount: number
  readonly unit: RollingUnit
}

/**
 * A stretch of time that conditions look at, in one of three forms, which no two are the same:
 * - `{ last: { amount: 7, unit: 'day' } }`: rolling, the 7 × 24 hours that end now;
 * - `{ calendar: 'month', from: -1, to: -1 }`: whole periods of the tenant's calendar, counted from the current one (0);
 *   `from: 0, to: 0` is this month so far and to come, `from: -6, to: 0` of `day` the last seven days by the calendar;
 * - `{ from, to }`: between two instants, either of which may be left out.
 * The first instant belongs to the window, the last does not; rolling windows hold now as well.
 */
export type Window = RollingWindow | CalendarWindow | FixedWindow

export interface RollingWindow {
  readonly last: Duration
}

export interface CalendarWindow {
  readonly calendar: CalendarUnit
  /** The first period: 0 is the current one, -1 the one before. */
  readonly from: number
  /** The last period, itself included. @default the current one */
  readonly to: number
}

export interface FixedWindow {
  readonly from?: Timestamp
  readonly to?: Timestamp
}

const instant = z.iso
  .datetime({ offset: true, error: 'expected an ISO-8601 instant with a zone, such as 2026-01-31T09:30:00Z' })
  .transform((text) => toTimestamp(fromTimestamp(text)))

/** What a {@link Duration} must be: at most a million units. */
export const durationSchema: z.ZodType<Duration> = z.strictObject({
  amount: z.number().int().min(1).max(1_000_000),
  unit: z.enum(['minute', 'hour', 'day', 'week']),
})

const offset = z.number().int().min(-10_000).max(10_000)

/** What a {@link Window} must be. */
export const windowSchema: z.ZodType<Window> = z.union([
  z.strictObject({ last: durationSchema }),
  z
    .strictObject({ calendar: z.enum(CALENDAR_UNITS), from: offset, to: offset.default(0) })
    .refine(({ from, to }) => from <= to, { path: ['from'], message: 'must not come after "to"' }),
  z
    .strictObject({ from: instant.optional(), to: instant.optional() })
    .refine(({ from, to }) => from !== undefined || to !== undefined, 'needs "from", "to" or both')
    .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
      path: ['from'],
      message: 'must come before "to"',
    }),
]) as z.ZodType<Window>

/** Whether what lies in the window changes as time goes by: rolling and calendar windows move, fixed ones stay. */
export function isMoving(window: Window | undefined): boolean {
  return window !== undefined && ('last' in window || 'calendar' in window)
}

/** Where a window begins and ends now: `from` belongs to it, `until` does not. Milliseconds since 1970. */
export interface Bounds {
  /** Minus infinity when it has no beginning. */
  readonly from: number
  /** Infinity when it has no end. */
  readonly until: number
}

/** The window as it lies now. */
export function boundsOf(window: Window | undefined, environment: Environment): Bounds {
  if (!window) return { from: -Infinity, until: Infinity }
  if ('last' in window) return { from: environment.now - durationMs(window.last), until: environment.now + 1 }
  if ('calendar' in window) {
    const { calendar, from, to } = window
    return {
      from: periodStart(calendar, from, environment),
      until: periodStart(calendar, to + 1, environment),
    }
  }
  return {
    from: window.from === undefined ? -Infinity : fromTimestamp(window.from),
    until: window.to === undefined ? Infinity : fromTimestamp(window.to),
  }
}

/** How long it is, in milliseconds. */
export function durationMs({ amount, unit }: Duration): number {
  return amount * ROLLING_UNITS[unit]
}

/**
 * The next instant at which something that happened at `at` enters or leaves the window as that moves on; null when it
 * never will again.
 */
export function nextEdge(at: number, window: Window | undefined, environment: Environment): number | null {
  if (!window || !('last' in window || 'calendar' in window)) return null
  if ('last' in window) {
    const { from, until } = boundsOf(window, environment)
    if (at < from) return null
    return at < until ? at + durationMs(window.last) + 1 : at
  }
  // The period that holds `at` is the last of the window when it enters, and has left when it comes before the first.
  const { calendar, from, to } = window
  const then = { ...environment, now: at }
  const edges = [periodStart(calendar, -to, then), periodStart(calendar, 1 - from, then)]
  return edges.find((edge) => edge > environment.now && Number.isFinite(edge)) ?? null
}

/** The years that instants are known in; what lies beyond is before or after everything. */
const [FIRST, LAST] = [Date.parse('0001-01-03T00:00:00Z'), Date.parse('9999-12-29T00:00:00Z')]

/**
 * The first instant of a calendar period, counted from the one that holds now (0), in the tenant's zone; infinite
 * outside of the years 1 to 9999.
 */
export function periodStart(unit: CalendarUnit, offset: number, { now, timeZone }: Environment): number {
  const wall = new Date(wallTimeAt(timeZone, Math.floor(now / 1000) * 1000))
  const [year, month, day] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()]
  const start = startInWallTime(unit, offset, { year, month, day, weekday: wall.getUTCDay() })
  if (!(start >= FIRST)) return -Infinity
  return start > LAST ? Infinity : firstInstantOf(timeZone, start)
}

const wallTimeAt = remembered((timeZone, instant) => zoneTime(timeZone).wallTimeAt(instant))
const firstInstantOf = remembered((timeZone, wall) => zoneTime(timeZone).firstInstantOf(wall))

interface WallDate {
  readonly year: number
  readonly month: number
  readonly day: number
  /** 0 is Sunday. */
  readonly weekday: number
}

function startInWallTime(
  unit: CalendarUnit,
  offset: number,
  { year, month, day, weekday }: WallDate,
): number {
  if (unit === 'day') return wallDate(year, month, day + offset)
  if (unit === 'week') return wallDate(year, month, day - ((weekday + 6) % 7) + offset * 7)
  if (unit === 'month') return wallDate(year, month + offset, 1)
  if (unit === 'quarter') return wallDate(year, month - (month % 3) + offset * 3, 1)
  return wallDate(year + offset, 0, 1)
}

/** As `Date.UTC`, which takes the years 0 to 99 for those of the twentieth century. */
function wallDate(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day)
}
