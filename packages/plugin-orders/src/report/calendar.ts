import { toTimestamp, zoneTime, type Timestamp } from '@clientele/core'

const DAY_MS = 24 * 60 * 60 * 1000

/** The first instant of the day `days` after the one that `instant` falls on in the zone. */
export function startOfDay(instant: Timestamp, zone: string, days = 0): Timestamp {
  const wall = wallTimeOf(instant, zone)
  const midnight = Math.floor(wall / DAY_MS) * DAY_MS
  return toTimestamp(zoneTime(zone).firstInstantOf(midnight + days * DAY_MS))
}

/** The same time of day, `days` later in the zone. Not always a multiple of 24 hours: clocks are changed. */
export function addDays(instant: Timestamp, zone: string, days: number): Timestamp {
  const wall = wallTimeOf(instant, zone)
  // Clocks of zones show whole seconds.
  const second = Math.floor(wall / 1000) * 1000
  return toTimestamp(zoneTime(zone).firstInstantOf(second + days * DAY_MS) + (wall - second))
}

/** What a clock in the zone shows, as milliseconds: the instant at which one in UTC shows the same. */
function wallTimeOf(instant: Timestamp, zone: string): number {
  const ms = Date.parse(instant)
  const second = Math.floor(ms / 1000) * 1000
  return zoneTime(zone).wallTimeAt(second) + (ms - second)
}
