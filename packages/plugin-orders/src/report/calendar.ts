import { toTimestamp, type Timestamp } from '@clientele/core'

const DAY_MS = 24 * 60 * 60 * 1000

/** Midnight of the day `days` after the one that `instant` falls on in the zone; the day's first instant, if it has none. */
export function startOfDay(instant: Timestamp, zone: string, days = 0): Timestamp {
  const { day } = localTime(Date.parse(instant), zone)
  return toTimestamp(instantOf(day + days * DAY_MS, zone))
}

/** The same time of day, `days` later in the zone. Not always a multiple of 24 hours: clocks are changed. */
export function addDays(instant: Timestamp, zone: string, days: number): Timestamp {
  const { day, time } = localTime(Date.parse(instant), zone)
  return toTimestamp(instantOf(day + days * DAY_MS + time, zone))
}

/** What a clock in the zone shows, as if it were UTC: the day's midnight and the milliseconds since. */
function localTime(ms: number, zone: string): { readonly day: number; readonly time: number } {
  const local = ms + offsetAt(ms, zone)
  const time = ((local % DAY_MS) + DAY_MS) % DAY_MS
  return { day: local - time, time }
}

/** The instant at which a clock in the zone shows `local`; for a time that is skipped, the instant after the skip. */
function instantOf(local: number, zone: string): number {
  const early = local - offsetAt(local - DAY_MS, zone)
  if (early + offsetAt(early, zone) === local) return early
  const late = local - offsetAt(local + DAY_MS, zone)
  return late + offsetAt(late, zone) === local ? late : early
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far the zone is ahead of UTC at that instant. */
function offsetAt(ms: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value)
  const {
    year = 0,
    month = 1,
    day = 1,
    hour = 0,
    minute = 0,
    second = 0,
  } = parts as Record<string, number | undefined>
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000
}
