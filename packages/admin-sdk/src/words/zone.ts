/** An instant as the clocks of a zone show it: `2026-03-29T03:30`. */
export function wallTime(instant: string, zone: string): string {
  return new Date(wallOf(Date.parse(instant), zone)).toISOString().slice(0, 16)
}

/**
 * The instant at which the clocks of a zone show a time: `2026-03-29T03:30`, or `2026-03-29` for midnight. A time that
 * is left out as clocks go forward is the same while later; one that comes twice is the first.
 */
export function instantOf(wall: string, zone: string): string {
  const meant = Date.parse(wall.length === 10 ? `${wall}T00:00Z` : `${wall}Z`)
  // Clocks change at most once within two days: one of these distances holds at the time meant.
  const [before, after] = [-DAY, DAY].map((near) => meant - (wallOf(meant + near, zone) - meant - near))
  const fits = [before!, after!].filter((instant) => wallOf(instant, zone) === meant)
  return new Date(fits.length > 0 ? Math.min(...fits) : before!).toISOString()
}

/** The day that it is in a zone: `2026-03-29`. @param days later, or earlier when negative */
export function dayIn(zone: string, days = 0, now = Date.now()): string {
  return new Date(wallOf(now, zone) + days * DAY).toISOString().slice(0, 10)
}

const DAY = 86_400_000

const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of the zone show, as if it were UTC. */
function wallOf(time: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
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
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
