import type { SeededRandom } from '@clientele/testing'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** When questions are asked: days on which clocks change, ends of months and years, a leap day. */
export const NOWS = [
  '2026-03-08T12:00:00.000Z',
  '2026-03-29T00:59:59.999Z',
  '2026-03-29T01:00:00.000Z',
  '2026-10-25T01:30:00.000Z',
  '2026-11-01T06:00:00.000Z',
  '2025-12-31T23:59:59.999Z',
  '2026-01-01T00:00:00.000Z',
  '2028-02-29T05:00:00.000Z',
  '2026-02-28T18:30:00.000Z',
].map((text) => Date.parse(text))

/** Zones that move their clocks, by half an hour too, and zones that do not; one skipped a day. */
export const ZONES = [
  'UTC',
  'America/Sao_Paulo',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Casablanca',
]

/** Lengths that rules and rows share, so that rows lie on the edges of windows. */
const DURATIONS = [
  { amount: 90, unit: 'minute', ms: 90 * 60_000 },
  { amount: 36, unit: 'hour', ms: 36 * HOUR },
  { amount: 7, unit: 'day', ms: 7 * DAY },
  { amount: 30, unit: 'day', ms: 30 * DAY },
  { amount: 52, unit: 'week', ms: 364 * DAY },
] as const

/** An instant: on an edge of a window, a millisecond beside it, or anywhere in some years around. */
export function randomInstant(random: SeededRandom): string {
  const now = random.pick(NOWS)
  const away = random.pick([0, ...DURATIONS.map(({ ms }) => ms)]) * random.pick([-1, -1, 1])
  const near = now + away + random.pick([-1, 0, 0, 1])
  const anywhere = now + Math.floor((random.number() - 0.7) * 3 * 365 * DAY)
  return new Date(random.number() < 0.6 ? near : anywhere).toISOString()
}

/** A day of the calendar, near one of the days on which questions are asked or a birthday of someone. */
export function randomDay(random: SeededRandom): string {
  const near = randomInstant(random).slice(0, 10)
  if (random.number() < 0.5) return near
  const year = 1940 + Math.floor(random.number() * 85)
  const leap = `${year - (year % 4)}-02-29`
  return random.number() < 0.2 ? leap : `${year}${near.endsWith('02-29') ? '-02-28' : near.slice(4)}`
}

/** `{ amount, unit }` */
export function randomDuration(random: SeededRandom): { readonly amount: number; readonly unit: string } {
  const { amount, unit } = random.pick(DURATIONS)
  return { amount, unit }
}

/** A window in one of its three forms. */
export function randomWindow(random: SeededRandom): object {
  const from = Math.floor(random.number() * 5) - 3
  const [first, second] = [randomInstant(random), randomInstant(random)].toSorted()
  return random.pick([
    { last: randomDuration(random) },
    {
      calendar: random.pick(['day', 'week', 'month', 'quarter', 'year']),
      from,
      to: from + Math.floor(random.number() * 3),
    },
    first === second ? { from: first! } : { from: first!, to: second! },
    { to: second! },
  ])
}
