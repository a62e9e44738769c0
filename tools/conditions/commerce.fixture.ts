import type { Leaf, Window } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import { Product } from '@clientele/plugin-inventory'
import { Metrics, ORDER_STATES, Orders, REFUND_REASONS } from '@clientele/plugin-orders'
import type { SeededRandom } from '@clientele/testing'
import { NOWS } from './instants.fixture.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE

const SKUS = ['TEA', 'tea', 'CUP', "quo'te", '日本']
const CATEGORIES = ['Tea', 'tea', 'Cups', '']
const COUNTRIES = ['France', 'FRANCE', 'São Paulo', '']
const AMOUNTS = [0, 1, 999, 1000, 1001, 2000, 50_000, -500]

/** Instants that windows end or begin at, a millisecond off, and some that are yet to come. */
function instants(now: number): readonly number[] {
  const edges = [0, 60 * MINUTE, DAY, 7 * DAY, 30 * DAY, 365 * DAY].map((ago) => now - ago)
  const midnight = Math.floor(now / DAY) * DAY
  const calendar = [midnight, midnight - 60 * MINUTE, midnight - 30 * DAY, midnight + DAY]
  return [...[...edges, ...calendar].flatMap((at) => [at - 1, at, at + 1]), now + DAY, now + 40 * DAY]
}

/** Gives customers orders, lines and refunds as no shop has them, and metrics that are what these add up to. */
export function populateCommerce(
  ctx: Ctx,
  random: SeededRandom,
  customerIds: readonly string[],
): Promise<void> {
  return ctx.tx(async (t) => {
    const at = (): string => new Date(random.pick(instants(random.pick(NOWS)))).toISOString()
    const products = await t.repo(Product).insertMany(
      SKUS.map((sku) => ({
        ...{ sku, name: sku, price: { amount: 100, currency: 'EUR' } },
        category: random.maybe(() => random.pick(CATEGORIES)),
      })),
    )
    const whole = (limit: number): number => Math.floor(random.number() * limit)
    const orders = Array.from({ length: customerIds.length * 3 }, (_, n) => ({
      externalId: `o${n}`,
      customerId: random.pick([...customerIds.slice(0, Math.ceil(customerIds.length * 0.8)), null]),
      state: random.pick(ORDER_STATES),
      placedAt: at(),
      country: random.maybe(() => random.pick(COUNTRIES)),
      currency: 'EUR',
      lines: Array.from({ length: whole(4) }, (__, index) => ({
        ...{ lineNumber: index + 1, name: 'x', quantity: whole(5) - 1, unitPrice: random.pick(AMOUNTS) },
        ...random.pick([{ sku: random.pick(SKUS) }, { sku: 'x', productId: random.pick(products).id }]),
      })),
    }))
    const refunds = Array.from({ length: customerIds.length }, (_, n) => ({
      externalId: `r${n}`,
      orderExternalId: random.maybe(() => random.pick(orders).externalId),
      customerId: random.maybe(() => random.pick(customerIds)),
      amount: { amount: random.pick(AMOUNTS), currency: 'EUR' },
      reason: random.pick(REFUND_REASONS),
      refundedAt: at(),
    }))
    await t.get(Orders).importMany(t, { source: 'random', orders, refunds })
    await t.get(Metrics).refresh(t, customerIds)
    await t.repo(Product).remove(products[0]!.id)
  })
}

/** A leaf of one of this plugin's types. */
export function randomCommerceLeaf(random: SeededRandom): Leaf {
  const make = random.pick([ordersLeaf, ordersLeaf, refundsLeaf, orderLeaf, boughtLeaf, boughtLeaf])
  return make(random, random.pick(NOWS))
}

type MakeLeaf = (random: SeededRandom, now: number) => Leaf

const ordersLeaf: MakeLeaf = (random, now) => {
  const field = random.pick(['count', 'revenue', 'grossRevenue', 'averageValue'])
  const compared = field === 'count' ? randomCount(random) : randomAmount(random)
  return { type: 'orders', field, ...compared, ...randomWithin(random, now), ...ordersWhere(random) }
}

const refundsLeaf: MakeLeaf = (random, now) => {
  const field = random.pick(['count', 'amount', 'rate'])
  const rate = { operator: random.pick(['gt', 'gte', 'lt', 'lte']), value: random.pick([0, 0.5, 1, 2]) }
  const compared = { count: randomCount, amount: randomAmount, rate: () => rate }[field]!(random)
  const where = random.maybe(() => [
    random.pick([
      { property: 'reason', operator: 'is', value: random.pick(REFUND_REASONS) },
      { property: 'amount', ...randomAmount(random) },
    ]),
  ])
  return { type: 'refunds', field, ...compared, ...randomWithin(random, now), ...(where ? { where } : {}) }
}

const orderLeaf: MakeLeaf = (random, now) => {
  const instant = (): string => new Date(random.pick(instants(now))).toISOString()
  const asked = random.pick<() => object>([
    () => ({ field: 'placedAt', operator: random.pick(['before', 'after']), value: instant() }),
    () => ({
      ...{ field: 'placedAt', operator: random.pick(['inLast', 'notInLast', 'olderThan']) },
      value: randomDuration(random),
    }),
    () => ({ field: 'placedAt', operator: random.pick(['isSet', 'isNotSet']) }),
    () => ({ field: 'total', ...randomAmount(random) }),
    () => ({ field: 'itemCount', ...randomCount(random) }),
    () => ({
      ...{ field: 'country', operator: random.pick(['is', 'isNot', 'contains', 'notContains']) },
      value: random.pick(COUNTRIES),
    }),
  ])()
  return { type: 'order', which: random.pick(['first', 'last']), ...asked, ...ordersWhere(random) }
}

const boughtLeaf: MakeLeaf = (random, now) => {
  const item = random.pick([
    { sku: random.pick(SKUS) },
    { category: random.pick(['Tea', 'tea', 'Cups', 'nothing']) },
  ])
  const quantity = random.maybe(() => randomCount(random))
  return {
    ...{ type: 'bought', ...item, ...randomWithin(random, now), ...ordersWhere(random) },
    ...(quantity ? { quantity } : {}),
  }
}

function randomCount(random: SeededRandom): { operator: string; value: unknown } {
  const one = (): number => Math.floor(random.number() * 5)
  const operator = random.pick(['is', 'isNot', 'gt', 'gte', 'lt', 'lte', 'between'])
  return { operator, value: operator === 'between' ? [one(), one()].toSorted((a, b) => a - b) : one() }
}

function randomAmount(random: SeededRandom): { operator: string; value: unknown } {
  const one = (): number => random.pick([0, 5, 9.99, 10, 10.01, 20, 500, -5])
  const operator = random.pick(['is', 'isNot', 'gt', 'gte', 'lt', 'lte', 'between'])
  return { operator, value: operator === 'between' ? [one(), one()].toSorted((a, b) => a - b) : one() }
}

function randomDuration(random: SeededRandom): object {
  return random.pick([
    { amount: 1, unit: 'hour' },
    { amount: 1 + Math.floor(random.number() * 60), unit: 'minute' },
    { amount: random.pick([1, 7, 30, 365]), unit: 'day' },
    { amount: 1, unit: 'week' },
  ])
}

function randomWithin(random: SeededRandom, now: number): { readonly within?: Window } {
  if (random.number() < 0.25) return {}
  const calendar = random.pick(['day', 'week', 'month', 'quarter', 'year'])
  const from = -Math.floor(random.number() * 3)
  const ends = [random.pick(instants(now)), random.pick(instants(now))].toSorted((a, b) => a - b)
  const [first, last] = ends.map((at) => new Date(at).toISOString()) as [string, string]
  const within = random.pick([
    { last: randomDuration(random) },
    { calendar, from, to: random.pick([from, 0, 1]) },
    first === last ? { from: first } : { from: first, to: last },
    { to: last },
  ])
  return { within: within as Window }
}

function ordersWhere(random: SeededRandom): object {
  if (random.number() < 0.6) return {}
  const rule = random.pick([
    { property: 'state', operator: random.pick(['is', 'isNot']), value: random.pick(ORDER_STATES) },
    {
      property: 'country',
      operator: random.pick(['is', 'isNot', 'contains']),
      value: random.pick(COUNTRIES),
    },
    { property: 'country', operator: random.pick(['isSet', 'isNotSet']) },
    { property: 'total', ...randomAmount(random) },
    { property: 'source', operator: 'is', value: random.pick(['random', 'shop']) },
  ])
  return { where: [rule] }
}
