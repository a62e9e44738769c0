import { boundsOf, periodStart, type Environment, type Leaf, type Window } from '@clientele/conditions'
import { toTimestamp, type Ctx } from '@clientele/core'
import { CustomerEvent } from '@clientele/plugin-customers'
import type { SeededRandom } from '@clientele/testing'
import { NOWS, ZONES } from './instants.fixture.ts'

const NAMES = ['Product Viewed', 'Product Added', 'order.placed', 'o\'dd "näme"', 'Never Seen'] as const
const PROPERTIES = ['price', 'category', 'gift', 'not there', 'a.b'] as const
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Windows whose edges the random events lie on. */
const WINDOWS: readonly Window[] = [
  { last: { amount: 7, unit: 'day' } },
  { last: { amount: 2, unit: 'hour' } },
  { last: { amount: 1_000_000, unit: 'week' } },
  { calendar: 'day', from: 0, to: 0 },
  { calendar: 'day', from: -3, to: -1 },
  { calendar: 'week', from: -1, to: 0 },
  { calendar: 'month', from: -1, to: -1 },
  { calendar: 'year', from: -10_000, to: 0 },
  { calendar: 'month', from: 1, to: 2 },
  { from: '2026-03-01T00:00:00.000Z' },
  { from: '2026-02-01T00:00:00.000Z', to: '2026-03-08T12:00:00.000Z' },
  { to: '2026-03-09T00:00:00.000Z' },
]

/** Writes events of these customers, many on the very edges of windows, some still to happen. */
export async function populateEvents(
  ctx: Ctx,
  random: SeededRandom,
  customerIds: readonly string[],
): Promise<void> {
  const receivedAt = ctx.now()
  await ctx.tx(async (t) => {
    for (const customerId of customerIds) {
      const rows = Array.from({ length: Math.floor(random.number() * random.number() * 18) }, () => ({
        ...{ customerId, receivedAt, messageId: t.newId() },
        ...randomEvent(random),
      }))
      if (rows.length > 0) await t.repo(CustomerEvent).insertMany(rows)
    }
  })
}

/** What an event says, and when it happened. */
export function randomEvent(random: SeededRandom) {
  return {
    name: random.pick(NAMES.slice(0, -1)),
    type: random.pick(['track', 'fact'] as const),
    properties: Object.fromEntries(
      PROPERTIES.filter(() => random.number() < 0.6).map((name) => [name, randomProperty(random)]),
    ),
    occurredAt: toTimestamp(random.pick(EDGES) + random.pick([-1, 0, 0, 1])),
  }
}

/** The beginnings and ends of all windows, the pauses between events, and what is to come. */
function edgesOf(now: number, timeZone: string): readonly number[] {
  const environment: Environment = { now, timeZone, currencyDigits: 2 }
  const bounds = WINDOWS.flatMap((window) => {
    const { from, until } = boundsOf(window, environment)
    return [from, until]
  }).filter((at) => Math.abs(at - now) < 400 * DAY)
  const months = [-3, -2, -1, 0, 1].map((place) => periodStart('month', place, environment))
  const near = [-90 * DAY, -9 * DAY, -2 * DAY, -DAY - HOUR, -DAY, -3 * HOUR, -HOUR, -MINUTE, 0, MINUTE, DAY]
  return [...bounds, ...months, ...near.map((by) => now + by)]
}

function randomProperty(random: SeededRandom): never {
  const makers: readonly (() => unknown)[] = [
    () => random.pick([0, 1, 2, 9.99, 10, 0.1, 0.2, 12.345678, -5, 1e11]),
    () => random.pick(['Tea', 'tea', '10', '', 'São Paulo']),
    () => random.number() < 0.5,
    () => null,
    () => ({ deep: random.pick([1, 'x']) }),
    () => [1, 'Tea'],
  ]
  return random.pick([...makers.slice(0, 2), ...makers])() as never
}

const EDGES = NOWS.flatMap((now) => ZONES.flatMap((timeZone) => edgesOf(now, timeZone)))

/** A random question about events, as JSON. */
export function randomEventsLeaf(random: SeededRandom): Leaf {
  return random.pick<() => Leaf>([
    () => ({
      type: 'event',
      ...filter(random),
      ...within(random),
      ...maybe(random, () => ({ count: count(random) })),
    }),
    () => ({ type: 'nthEvent', ...filter(random), nth: random.pick([1, -1, 2, -2, 5]), ...within(random) }),
    () => sequence(random),
    () => periods(random),
    () => ({ type: 'eventReturn', ...filter(random), after: duration(random), ...within(random) }),
    () => ({ type: 'timeSinceEvent', ...filter(random), ...since(random) }),
    () => ({
      type: 'eventAggregate',
      ...filter(random),
      property: random.pick(PROPERTIES),
      ...maybe(random, () => ({ path: ['deep'] }), 0.1),
      aggregate: random.pick(['sum', 'avg', 'min', 'max', 'countDistinct']),
      ...compared(random, [0, 1, 2, 9.99, 10, 20, 22.345678, 0.3]),
      ...within(random),
    }),
  ])()
}

function filter(random: SeededRandom): {
  readonly name: string | readonly string[]
  readonly where?: object[]
} {
  const name = random.number() < 0.8 ? random.pick(NAMES) : [random.pick(NAMES), random.pick(NAMES)]
  return { name, ...maybe(random, () => ({ where: [rule(random)] }), 0.35) }
}

function rule(random: SeededRandom): object {
  const property = random.pick(PROPERTIES)
  return random.pick<() => object>([
    () => ({ property, operator: random.pick(['isSet', 'isNotSet']) }),
    () => ({
      property,
      operator: random.pick(['is', 'isNot']),
      value: random.pick([10, '10', 'Tea', true, 0.1]),
    }),
    () => ({
      property,
      operator: random.pick(['gt', 'gte', 'lt', 'lte']),
      value: random.pick([0, 1, 9.99, 10]),
    }),
    () => ({ property, operator: random.pick(['contains', 'notContains', 'startsWith']), value: 'te' }),
    () => ({ property, operator: random.pick(['in', 'notIn']), value: ['Tea', '10'] }),
    () => ({
      property,
      path: ['deep'],
      operator: random.pick(['is', 'isNot']),
      value: random.pick([1, 'x']),
    }),
  ])()
}

function within(random: SeededRandom): { readonly within?: Window } {
  return maybe(random, () => ({ within: random.pick(WINDOWS) }), 0.7)
}

function count(random: SeededRandom): object {
  return compared(random, [0, 1, 2, 3])
}

function compared(random: SeededRandom, values: readonly number[]): object {
  const operator = random.pick(['is', 'isNot', 'gt', 'gte', 'lt', 'lte', 'between'])
  return {
    operator,
    value: operator === 'between' ? [random.pick(values), random.pick(values)] : random.pick(values),
  }
}

function duration(random: SeededRandom): { readonly amount: number; readonly unit: string } {
  return random.pick([
    { amount: 7, unit: 'day' },
    { amount: 1, unit: 'day' },
    { amount: 2, unit: 'hour' },
    { amount: 1, unit: 'minute' },
    { amount: 30, unit: 'day' },
    { amount: 1_000_000, unit: 'week' },
  ])
}

function since(random: SeededRandom): object {
  const operator = random.pick(['lt', 'lte', 'gt', 'gte', 'between'])
  return { operator, value: operator === 'between' ? [duration(random), duration(random)] : duration(random) }
}

function sequence(random: SeededRandom): Leaf {
  return {
    type: 'eventSequence',
    steps: Array.from({ length: random.pick([2, 2, 3]) }, () => filter(random)),
    ...maybe(random, () => ({ span: duration(random) })),
    ...maybe(random, () => ({ without: filter(random) })),
    ...within(random),
  }
}

function periods(random: SeededRandom): Leaf {
  const calendar = random.pick(['day', 'week', 'month'])
  const [from, to] = random.pick([
    [-3, -1],
    [-2, 0],
    [0, 0],
    [-5, -5],
  ] as const)
  const atLeast = 1 + Math.floor(random.number() * (to - from + 1))
  return { type: 'eventPeriods', ...filter(random), within: { calendar, from, to }, atLeast }
}

function maybe<T extends object>(random: SeededRandom, make: () => T, chance = 0.5): Partial<T> {
  return random.number() < chance ? make() : {}
}
