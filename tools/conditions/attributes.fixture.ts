import {
  columnConditions,
  traitConditions,
  type ConditionType,
  type EditorInput,
  type Leaf,
} from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import { Customer, CustomerActivity } from '@clientele/plugin-customers'
import { CustomerMetrics } from '@clientele/plugin-orders'
import type { SeededRandom } from '@clientele/testing'
import { randomDay, randomDuration, randomInstant, randomWindow } from './instants.fixture.ts'

/** Small sets, so that rules and rows meet often; with what breaks naive comparisons. */
const TEXTS = [
  '',
  'a',
  'A',
  'ana',
  'ANA%',
  'São Paulo',
  'sao_paulo',
  'İstanbul',
  'ß',
  '*',
  '?',
  '\\',
  '10',
  'null',
  '日本',
  '👩🏽‍🚀',
  '[1,"a"]',
  '{"nested":true}',
  'ana@example.com',
  'ANA@EXAMPLE.COM',
  'ana@mail.example.com',
]
const NUMBERS = [0, -1, 1, 2, 9.99, 10, 499.99, 500, 500.01, 1e6, 0.1 + 0.2, 1e300]
const COUNTRIES = ['BR', 'PT', 'DE', 'JP']
const TRAITS = [
  'plan',
  'age',
  'vip',
  'born',
  'tags',
  'address',
  'quo"te',
  "apo'strophe",
  'a.b',
  '$',
  'missing',
]
const KEYS = ['city', 'zip', 'tags', 'a"b', 'since']
const DOMAINS = ['example.com', 'EXAMPLE.com', 'mail.example.com', '100%.com', 'ample.com']
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

const TYPES: readonly ConditionType<any>[] = [
  columnConditions('attribute', Customer),
  columnConditions('activity', CustomerActivity),
  columnConditions('metric', CustomerMetrics),
  traitConditions('trait', Customer, 'traits'),
  traitConditions('trait', Customer, 'traits'),
]

/** A question about a column or a trait: every field, operator and form of value comes up. */
export function randomAttributeLeaf(random: SeededRandom): Leaf {
  const type = random.pick(TYPES)
  // What an editor asks for besides, such as a path, compares nothing.
  const compared = type.editor.fields.filter(({ operators }) => operators.length > 0)
  const field = random.pick(compared)
  const operator = random.pick(field.operators)
  const isTrait = type.name === 'trait'
  const path =
    isTrait || field.name === 'traits'
      ? [random.pick(TRAITS), ...(random.number() < 0.3 ? [random.pick(KEYS)] : [])]
      : []
  const [name, ...rest] = path
  const named = isTrait
    ? { name, ...(rest.length > 0 ? { path: rest } : {}) }
    : { field: field.name, ...(path.length > 0 ? { path } : {}) }
  const others = compared
    .filter((one) => one.name !== field.name && one.kind === field.kind && one.name !== 'traits')
    .map((one) => one.name)
  const input = field.inputs![operator]!
  if (input === 'field' && others.length === 0) return randomAttributeLeaf(random)
  const value = input === 'field' ? random.pick(others) : randomValue(random, { ...field, input })
  return { type: type.name, ...named, operator, ...(value === undefined ? {} : { value }) }
}

interface Asked {
  readonly kind: string
  readonly input: EditorInput
  readonly values?: readonly string[]
}

function randomValue(random: SeededRandom, { kind, input, values = [] }: Asked): unknown {
  const one = (): unknown => {
    if (kind === 'boolean') return random.number() < 0.5
    if (kind === 'enum') return random.pick(values)
    if (kind === 'timestamp') return random.number() < 0.7 ? randomInstant(random) : randomDay(random)
    if (kind === 'integer') return Math.floor(random.number() * 5)
    return kind === 'text' ? random.pick([...TEXTS, ...COUNTRIES]) : random.pick(NUMBERS.slice(0, -1))
  }
  const list = <T>(make: () => T, longest = 3): T[] =>
    Array.from({ length: 1 + Math.floor(random.number() * longest) }, make)
  const whole = (from: number, to: number): number => from + Math.floor(random.number() * (to - from + 1))
  const count = (): object => ({
    operator: random.pick(['is', 'isNot', 'gt', 'gte', 'lt', 'lte']),
    value: whole(0, 6),
  })
  const scalar = (): unknown => random.pick<unknown>([...TEXTS.slice(0, 6), 10, 0.1 + 0.2, 1, true, false])
  const pair = (): unknown => {
    const two = [one(), one()]
    return kind === 'timestamp' ? two : (two as number[]).toSorted((a, b) => a - b)
  }
  const range = (from: number, to: number): object => {
    const [first, second] = [whole(from, to), whole(from, to)].toSorted((a, b) => a - b)
    return { from: first, to: second }
  }
  const durations = (): unknown => {
    const [first, second] = [randomDuration(random), randomDuration(random)]
    return [{ amount: 60, unit: 'minute' }, random.number() < 0.5 ? first : second]
  }
  const makers: Readonly<Record<EditorInput, () => unknown>> = {
    none: () => undefined,
    value: one,
    pair,
    list: () => (random.number() < 0.05 ? Array.from({ length: 60 }, one) : list(one)),
    text: () => random.pick(DOMAINS),
    texts: () => list(() => random.pick(DOMAINS)),
    scalar,
    scalars: () => list(scalar),
    count,
    modulus: () => {
      const divisor = whole(1, 5)
      return { divisor, remainder: whole(0, divisor - 1) }
    },
    field: () => undefined,
    jsonType: () => random.pick(['text', 'number', 'boolean', 'array', 'object']),
    rules: () =>
      list(
        () =>
          random.pick<object>([
            { operator: 'is', value: scalar() },
            { property: random.pick(KEYS), operator: 'is', value: scalar() },
            { property: 'city', operator: 'isNot', value: 'a' },
            { property: 'zip', operator: 'gte', value: 1 },
            { operator: 'typeIs', value: 'object' },
            { operator: 'after', value: randomDay(random) },
          ]),
        2,
      ),
    day: () => randomDay(random),
    duration: () => randomDuration(random),
    durations,
    window: () => randomWindow(random),
    days: () => range(-10, 30),
    years: () => random.pick([range(0, 90), { from: whole(0, 90) }, { to: whole(0, 90) }]),
    weekdays: () => list(() => random.pick(WEEKDAYS)),
    monthDays: () => list(() => whole(1, 31), 8),
    months: () => list(() => whole(1, 12), 4),
    hours: () => list(() => whole(0, 23), 8),
  }
  return makers[input]()
}

/** Customers with columns and traits of every kind. Answers their ids. */
export async function populateCustomers(ctx: Ctx, random: SeededRandom, count: number): Promise<string[]> {
  return ctx.tx(async (t) => {
    const rows = await t.repo(Customer).insertMany(
      Array.from({ length: count }, () => ({
        firstName: random.maybe(() => random.pick(TEXTS)),
        lastName: random.maybe(() => random.pick(TEXTS)),
        email: random.maybe(() => random.pick(['ana@example.com', 'bob@mail.example.com', 'x@y.example'])),
        country: random.maybe(() => random.pick(COUNTRIES)),
        acceptsMarketing: random.number() < 0.5,
        status: random.pick(['active', 'archived'] as const),
        traits: randomTraits(random, TRAITS.slice(0, -1)) as Record<string, never>,
      })),
    )
    for (const { id } of rows) {
      await t.projection('the test writes figures of its own', async (db) => {
        await db
          .updateTable('customerMetrics')
          .set({
            orderCount: Math.floor(random.number() * 5),
            totalSpend: Math.round(random.pick(NUMBERS.slice(0, -2)) * 100),
            firstOrderAt: random.maybe(() => randomInstant(random)),
            lastOrderAt: random.maybe(() => randomInstant(random)),
            tier: random.maybe(() => random.pick(['gold', 'silver'])),
          })
          .where('id', '=', id)
          .execute()
        await db
          .updateTable('customerActivities')
          .set({
            firstSeenAt: random.maybe(() => randomInstant(random)),
            lastSeenAt: random.maybe(() => randomInstant(random)),
            eventCount: Math.floor(random.number() * 5),
          })
          .where('id', '=', id)
          .execute()
      })
    }
    return rows.map(({ id }) => id)
  })
}

function randomTraits(random: SeededRandom, names: readonly string[]): object {
  return Object.fromEntries(
    names.flatMap((name) => (random.number() < 0.6 ? [[name, randomTrait(random, 2)]] : [])),
  )
}

function randomTrait(random: SeededRandom, depth: number): unknown {
  const scalar = (): unknown => random.pick<unknown>([...TEXTS, ...NUMBERS, true, false])
  const date = (): string =>
    random.pick([
      randomDay(random),
      randomInstant(random),
      randomInstant(random).replace(/\.\d+Z$/, 'Z'),
      randomInstant(random).replace('Z', '456Z'),
      randomInstant(random).replace('Z', '+00:00'),
      '2026-02-30',
      '2026-13-01',
      '2026-3-8',
      '2026-03-08T25:00:00Z',
      '2026-03-08T12:00:00+02:00',
      '0000-00-00',
      '1990-05-04 00:00',
    ])
  const list = (): unknown[] =>
    Array.from({ length: Math.floor(random.number() * 4) }, () => randomTrait(random, depth - 1))
  const makers = [scalar, scalar, date, date, () => null, () => randomDay(random)]
  if (depth > 0)
    makers.push(
      list,
      list,
      () => randomTraits(random, KEYS),
      () => randomTraits(random, KEYS),
    )
  return random.pick(makers)()
}
