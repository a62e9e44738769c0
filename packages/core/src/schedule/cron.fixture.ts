import type { SeededRandom } from '@clientele/testing'

/** Zones with a day around which their clocks changed: forwards, backwards, by half an hour, by a whole day. */
export const ZONES = [
  { zone: 'America/Sao_Paulo', change: '2018-11-04T03:00:00Z' },
  { zone: 'America/Sao_Paulo', change: '2018-02-18T02:00:00Z' },
  { zone: 'Europe/Berlin', change: '2026-03-29T01:00:00Z' },
  { zone: 'Europe/Berlin', change: '2026-10-25T01:00:00Z' },
  { zone: 'America/New_York', change: '2026-03-08T07:00:00Z' },
  { zone: 'America/New_York', change: '2026-11-01T06:00:00Z' },
  { zone: 'Australia/Lord_Howe', change: '2026-10-03T15:30:00Z' },
  { zone: 'Australia/Lord_Howe', change: '2026-04-04T15:00:00Z' },
  { zone: 'Africa/Casablanca', change: '2026-02-15T02:00:00Z' },
  { zone: 'America/St_Johns', change: '2011-11-06T02:31:00Z' },
  { zone: 'Pacific/Apia', change: '2011-12-30T10:00:00Z' },
  { zone: 'Pacific/Chatham', change: '2026-09-26T14:00:00Z' },
  { zone: 'Asia/Kathmandu', change: '2026-01-01T00:00:00Z' },
  { zone: 'UTC', change: '2026-03-01T00:00:00Z' },
] as const

/** An expression of five fields as people write them. */
export function randomCron(random: SeededRandom): string {
  const pick = (from: readonly string[]): string => random.pick(from)
  const minute = pick(['*', '0', '30', '*/7', '*/15', '0,30,59', '10-20', '5-50/9'])
  const hour = pick(['*', '*', '0', '1', '2', '3', '23', '1-3', '*/2', '0,2,4', '0-23', '22-23'])
  const day = pick(['*', '*', '*', '1', '1-15', '*/2', '29,30,31'])
  const month = pick(['*', '*', '*', '3,10', '1-12/2'])
  // A certain day and a weekday together mean either, in cron: kept apart here.
  const weekday = day === '*' ? pick(['*', '*', '0', '1-5', '6,0']) : '*'
  return [minute, hour, day, month, weekday].join(' ')
}

/** The same instants as {@link cronOf} should find, by looking at the clocks at every minute. */
export function scannedInstants(
  expression: string,
  zone: string,
  { from, until }: { readonly from: number; readonly until: number },
): number[] {
  const matches = matcherOf(expression)
  const everyHour = ['*', '0-23'].includes(expression.split(' ')[1]!)
  const seen = new Set<number>()
  const found = new Set<number>()
  let latest = wallAt(from - 1.5 * 86_400_000, zone)
  // A day and a half more, so that what the clocks showed before is known.
  for (let at = from - 1.5 * 86_400_000; at <= until; at += 60_000) {
    const wall = wallAt(at, zone)
    const skipped = minutesBetween(latest, wall)
    const again = seen.has(wall)
    seen.add(wall)
    latest = Math.max(latest, wall)
    const isTaken = everyHour
      ? matches(wall)
      : (matches(wall) && !again) || skipped.some((one) => matches(one))
    if (isTaken && at > from) found.add(at)
  }
  return [...found]
}

function minutesBetween(before: number, after: number): number[] {
  return Array.from(
    { length: Math.max(0, (after - before) / 60_000 - 1) },
    (_, n) => before + (n + 1) * 60_000,
  )
}

function matcherOf(expression: string): (wall: number) => boolean {
  const [minute, hour, day, month, weekday] = expression
    .split(' ')
    .map((field, index) => valuesOf(field, [0, 0, 1, 1, 0][index]!, [59, 23, 31, 12, 6][index]!))
  return (wall) => {
    const date = new Date(wall)
    return (
      minute!.has(date.getUTCMinutes()) &&
      hour!.has(date.getUTCHours()) &&
      day!.has(date.getUTCDate()) &&
      month!.has(date.getUTCMonth() + 1) &&
      weekday!.has(date.getUTCDay())
    )
  }
}

function valuesOf(field: string, least: number, most: number): ReadonlySet<number> {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/')
    const [first, last] = range === '*' ? [least, most] : range.split('-').map(Number)
    for (let value = first!; value <= (last ?? first!); value += Number(step)) values.add(value)
  }
  return values
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks show, as text made into a time: another way than the code under test goes. */
function wallAt(instant: number, zone: string): number {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
    formats.set(zone, format)
  }
  return Date.parse(`${format.format(instant).replace(' ', 'T')}Z`)
}
