/** What a clock on the wall shows, as milliseconds: the instant at which a wall clock in UTC shows the same. */
export type WallTime = number

/** Reads the clocks of one IANA zone and finds the instants at which they show something. */
export interface ZoneTime {
  /** @param instant in milliseconds since 1970, whole seconds */
  wallTimeAt(instant: number): WallTime
  /**
   * The first instant at which the clocks show `wall`; where they skip it, the end of the gap. The later the wall
   * time, the later the instant, or the same.
   */
  firstInstantOf(wall: WallTime): number
}

const DAY = 86_400_000

const zones = new Map<string, ZoneTime>()

/** @throws RangeError for a zone that is not known */
export function zoneTime(zone: string): ZoneTime {
  let known = zones.get(zone)
  if (!known) zones.set(zone, (known = createZoneTime(zone)))
  return known
}

function createZoneTime(zone: string): ZoneTime {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const wallTimeAt = (instant: number): WallTime => {
    const shown: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(instant)) shown[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown
    return Date.UTC(year, month - 1, day, hour, minute, second)
  }
  const offsetAt = (instant: number): number => wallTimeAt(instant) - instant

  return {
    wallTimeAt,
    firstInstantOf(wall) {
      // No zone changes its clocks twice within two days.
      const [before, after] = [offsetAt(wall - DAY), offsetAt(wall + DAY)]
      // What is earlier by the larger offset comes first.
      for (const offset of [Math.max(before, after), Math.min(before, after)]) {
        if (wallTimeAt(wall - offset) === wall) return wall - offset
      }
      return changeBetween(wall - after, wall - before, (instant) => offsetAt(instant) === after)
    },
  }
}

/** The first whole second in `(from, to]` for which `isAfter` holds. */
function changeBetween(from: number, to: number, isAfter: (instant: number) => boolean): number {
  let [low, high] = [from, to]
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000
    if (isAfter(middle)) high = middle
    else low = middle
  }
  return high
}
