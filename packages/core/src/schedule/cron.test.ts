import { seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { cronOf } from './cron.ts'
import { randomCron, scannedInstants, ZONES } from './cron.fixture.ts'

const LONG = Boolean(process.env['CLIENTELE_LONG'])

const local = (zone: string) => (instant: number) =>
  new Date(instant).toLocaleString('sv', { timeZone: zone })

function instantsAfter(from: string, count: number, [expression, zone]: readonly [string, string]): string[] {
  const cron = cronOf(expression, zone)
  const found: number[] = []
  let at = Date.parse(from)
  while (found.length < count) found.push((at = cron.next(at)!))
  return found.map((instant) => `${new Date(instant).toISOString()} ${local(zone)(instant)}`)
}

test('a time that the clocks skip is taken once, at the end of the gap', () => {
  expect(instantsAfter('2026-03-07T12:00:00Z', 3, ['30 2 * * *', 'America/New_York'])).toEqual([
    '2026-03-08T07:00:00.000Z 2026-03-08 03:00:00',
    '2026-03-09T06:30:00.000Z 2026-03-09 02:30:00',
    '2026-03-10T06:30:00.000Z 2026-03-10 02:30:00',
  ])
  // What else stands in the gap and at its end is the same instant.
  expect(instantsAfter('2026-03-28T12:00:00Z', 2, ['*/20 2,3 * * *', 'Europe/Berlin'])).toEqual([
    '2026-03-29T01:00:00.000Z 2026-03-29 03:00:00',
    '2026-03-29T01:20:00.000Z 2026-03-29 03:20:00',
  ])
  // Summer began at midnight there.
  expect(instantsAfter('2018-11-03T12:00:00Z', 2, ['0 0 * * *', 'America/Sao_Paulo'])).toEqual([
    '2018-11-04T03:00:00.000Z 2018-11-04 01:00:00',
    '2018-11-05T02:00:00.000Z 2018-11-05 00:00:00',
  ])
})

test('a time that comes twice is taken once, the first time', () => {
  expect(instantsAfter('2026-10-24T12:00:00Z', 3, ['0,30 2 * * *', 'Europe/Berlin'])).toEqual([
    '2026-10-25T00:00:00.000Z 2026-10-25 02:00:00',
    '2026-10-25T00:30:00.000Z 2026-10-25 02:30:00',
    '2026-10-26T01:00:00.000Z 2026-10-26 02:00:00',
  ])
  expect(instantsAfter('2018-02-17T12:00:00Z', 2, ['30 23 * * *', 'America/Sao_Paulo'])).toEqual([
    '2018-02-18T01:30:00.000Z 2018-02-17 23:30:00',
    '2018-02-19T02:30:00.000Z 2018-02-18 23:30:00',
  ])
})

test('with every hour the distance stays the same when the clocks change', () => {
  const hours = instantsAfter('2026-10-24T23:00:00Z', 4, ['30 * * * *', 'Europe/Berlin'])
  expect(hours.map((text) => text.slice(11, 16))).toEqual(['23:30', '00:30', '01:30', '02:30'])
  const spring = instantsAfter('2026-03-28T23:45:00Z', 3, ['30 * * * *', 'Europe/Berlin'])
  expect(spring.map((text) => text.slice(11, 16))).toEqual(['00:30', '01:30', '02:30'])
})

test(
  'in every zone, the instants are all those that a look at every minute of the clocks finds',
  () => {
    const random = seededRandom(20_260_308)
    const runs = LONG ? 2000 : 120
    for (let run = 0; run < runs; run++) {
      const { zone, change } = ZONES[run % ZONES.length]!
      const expression = randomCron(random)
      const from = Date.parse(change) - Math.floor(random.number() * 60) * 3_600_000
      const until = from + 4 * 86_400_000
      const cron = cronOf(expression, zone)
      const found: number[] = []
      for (let at = cron.next(from); at !== null && at <= until; at = cron.next(at)) {
        expect(at, `${expression} in ${zone}`).toBeGreaterThan(found.at(-1) ?? from)
        found.push(at)
      }
      const expected = scannedInstants(expression, zone, { from, until })
      expect(found.map(local(zone)), `${expression} in ${zone} from ${new Date(from).toISOString()}`).toEqual(
        expected.map(local(zone)),
      )
      expect(found).toEqual(expected)
    }
  },
  LONG ? 600_000 : 30_000,
)

test('from any instant, the next one is the first after it', () => {
  const random = seededRandom(7)
  for (const { zone, change } of ZONES) {
    const expression = randomCron(random)
    const from = Date.parse(change) - 86_400_000
    const expected = scannedInstants(expression, zone, { from, until: from + 3 * 86_400_000 })
    for (let run = 0; run < 50; run++) {
      const at = from + Math.floor(random.number() * 2 * 86_400_000)
      const first = expected.find((instant) => instant > at)
      if (first !== undefined)
        expect(cronOf(expression, zone).next(at), `${expression} ${zone} ${at}`).toBe(first)
    }
  }
})
