import { toTimestamp } from '@clientele/core'
import { seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import type { Environment } from '../environment.ts'
import { boundsOf, CALENDAR_UNITS, nextEdge, periodStart, windowSchema, type Window } from './window.ts'

const ZONES = [
  'UTC',
  'Europe/Lisbon',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
]
const HOUR = 3_600_000
const DAY = 24 * HOUR

function at(now: string | number, timeZone = 'UTC'): Environment {
  return { now: typeof now === 'number' ? now : Date.parse(now), currencyDigits: 2, timeZone }
}

function bounds(window: Window, environment: Environment): readonly string[] {
  const { from, until } = boundsOf(window, environment)
  return [toTimestamp(from), toTimestamp(until)]
}

test('a rolling window holds its first instant and now', () => {
  const now = '2026-03-08T12:00:00.000Z'
  expect(bounds({ last: { amount: 7, unit: 'day' } }, at(now))).toEqual([
    '2026-03-01T12:00:00.000Z',
    '2026-03-08T12:00:00.001Z',
  ])
})

test.each<[Window, string, string]>([
  [{ calendar: 'day', from: 0, to: 0 }, '2026-03-29T00:00:00.000Z', '2026-03-29T23:00:00.000Z'],
  [{ calendar: 'day', from: -6, to: 0 }, '2026-03-23T00:00:00.000Z', '2026-03-29T23:00:00.000Z'],
  [{ calendar: 'week', from: 0, to: 0 }, '2026-03-23T00:00:00.000Z', '2026-03-29T23:00:00.000Z'],
  [{ calendar: 'week', from: -1, to: -1 }, '2026-03-16T00:00:00.000Z', '2026-03-23T00:00:00.000Z'],
  [{ calendar: 'month', from: 0, to: 0 }, '2026-03-01T00:00:00.000Z', '2026-03-31T23:00:00.000Z'],
  [{ calendar: 'month', from: -3, to: -1 }, '2025-12-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  [{ calendar: 'month', from: 1, to: 1 }, '2026-03-31T23:00:00.000Z', '2026-04-30T23:00:00.000Z'],
  [{ calendar: 'quarter', from: -1, to: -1 }, '2025-09-30T23:00:00.000Z', '2026-01-01T00:00:00.000Z'],
  [{ calendar: 'year', from: 0, to: 0 }, '2026-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
])('%j on the Sunday on which Lisbon moves its clocks', (window, from, until) => {
  expect(bounds(window, at('2026-03-29T10:00:00Z', 'Europe/Lisbon'))).toEqual([from, until])
})

test('in every zone periods follow each other without a gap, and now lies in the current one', () => {
  const random = seededRandom(29)
  for (let round = 0; round < 400; round++) {
    const now =
      Date.UTC(2009 + Math.floor(random.number() * 20), 0, 1) + Math.floor(random.number() * 366 * DAY)
    const environment = at(now, random.pick(ZONES))
    for (const unit of CALENDAR_UNITS) {
      const starts = [-2, -1, 0, 1, 2].map((offset) => periodStart(unit, offset, environment))
      expect(starts).toEqual(starts.toSorted((a, b) => a - b))
      expect(starts[2]).toBeLessThanOrEqual(now)
      expect(starts[3]).toBeGreaterThan(now)
      // Seen from its first instant, a period is the current one, or has no length: Apia skipped a day.
      const next = starts[3]!
      expect(periodStart(unit, 0, { ...environment, now: next })).toBe(next)
    }
  }
})

test('nothing enters or leaves a window before the instant that is promised', () => {
  const random = seededRandom(7)
  let changed = 0
  for (let round = 0; round < 3000; round++) {
    const window = random.pick<Window>([
      {
        last: {
          amount: 1 + Math.floor(random.number() * 50),
          unit: random.pick(['minute', 'hour', 'day', 'week']),
        },
      },
      { calendar: random.pick(CALENDAR_UNITS), from: -3, to: Math.floor(random.number() * 5) - 2 },
      { from: '2026-01-01T00:00:00.000Z', to: '2026-06-01T00:00:00.000Z' },
    ])
    const environment = at(Date.UTC(2026, 2, 29) + Math.floor(random.number() * 3 * DAY), random.pick(ZONES))
    const happened = environment.now + Math.floor((random.number() - 0.8) * 90 * DAY)
    const isInside = (now: number): boolean => {
      const { from, until } = boundsOf(window, { ...environment, now })
      return happened >= from && happened < until
    }
    const edge = nextEdge(happened, window, environment)
    const now = isInside(environment.now)
    const until = edge ?? environment.now + 400 * DAY
    expect(until).toBeGreaterThan(environment.now)
    for (const probe of [environment.now + 1, (environment.now + until) / 2, until - 1].map(Math.floor))
      if (probe >= environment.now) expect(isInside(probe), `${JSON.stringify(window)} at ${probe}`).toBe(now)
    if ('last' in window && edge !== null) {
      expect(isInside(edge)).toBe(!now)
      changed++
    }
  }
  expect(changed).toBeGreaterThan(200)
})

test.each<[object, string]>([
  [{ last: { amount: 0, unit: 'day' } }, 'no length'],
  [{ last: { amount: 7, unit: 'month' } }, 'a unit without a length'],
  [{ calendar: 'month', from: 1, to: 0 }, 'periods the wrong way round'],
  [{}, 'neither end'],
  [{ from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'instants the wrong way round'],
  [{ from: '2026-02-01' }, 'no instant'],
  [{ last: { amount: 7, unit: 'day' }, from: '2026-02-01T00:00:00Z' }, 'two forms at once'],
])('%j is refused: %s', (window) => {
  expect(windowSchema.safeParse(window).success).toBe(false)
})

test('instants of a window are kept in UTC, and the last period is the current one by default', () => {
  expect(windowSchema.parse({ from: '2026-02-01T00:00:00+02:00' })).toEqual({
    from: '2026-01-31T22:00:00.000Z',
  })
  expect(windowSchema.parse({ calendar: 'day', from: -6 })).toEqual({ calendar: 'day', from: -6, to: 0 })
})
