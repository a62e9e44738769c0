import { isClienteleError, type Ctx } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { createTestClientele, eachStorage, seededRandom, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { CustomerMetrics, Orders, orders, type OrdersTables } from '../index.ts'

const tiers = [
  { name: 'bronze', minSpend: 0 },
  { name: 'silver', minSpend: 1500 },
  { name: 'gold', minSpend: 4000 },
]
const plugins = [customers(), inventory(), orders({ tiers })] as const
const SEED = 20_260_115

eachStorage((storage) => {
  test(`after any orders, also at once, metrics are what a recount finds (seed ${SEED})`, async () => {
    const t = await createTestClientele({ storage, plugins })
    const random = seededRandom(SEED)
    const { ctx, tx } = t.as()
    const people = await tx((one) => one.repo(Customer).insertMany([{}, {}, {}]))
    const ids = people.map((person) => person.id)
    for (let round = 0; round < 30; round++) {
      t.clock.advance('1h')
      // Four at once: on PostgreSQL they really run side by side.
      await Promise.all(Array.from({ length: 4 }, () => somethingHappens(t, ids, random)))
      expect(await metricsOf(ctx, ids)).toEqual(await recount(ctx, ids))
    }
    const counted = await metricsOf(ctx, ids)
    expect(counted.every((metrics) => metrics.orderCount > 0)).toBe(true)
  })

  test('sums past what counts exactly stop there, and their customer stays readable', async () => {
    const t = await createTestClientele({ storage, plugins })
    const { ctx, tx, api } = t.as()
    const { id } = await api.customers.create({ body: {} })
    const unitPrice = 10_000_000_000_000
    const large = Array.from({ length: 1000 }, (_, n) => ({
      externalId: `${n}`,
      customerId: id,
      placedAt: ctx.now(),
      currency: 'EUR',
      lines: [{ lineNumber: 1, sku: 'A', name: 'A', quantity: 1, unitPrice }],
    }))
    await tx((one) => one.get(Orders).importMany(one, { source: 'bank', orders: large }))
    const [metrics] = await metricsOf(ctx, [id])
    expect(metrics).toMatchObject({
      grossSpend: Number.MAX_SAFE_INTEGER,
      totalSpend: Number.MAX_SAFE_INTEGER,
      averageOrderValue: unitPrice,
    })
  })

  test('an order of another currency counts in the reporting currency', async () => {
    const { Rates, fixedRates, provide } = await import('@clientele/core')
    const t = await createTestClientele({
      storage,
      plugins,
      overrides: [
        provide(Rates, { factory: () => fixedRates({ base: 'EUR', table: { USD: 1.25, JPY: 160 } }) }),
      ],
    })
    const { api } = t.as()
    const { id } = await api.customers.create({ body: {} })
    const place = (currency: string, amount: number): Promise<{ order: { id: string; baseTotal: number } }> =>
      api.orders.create({
        body: {
          customerId: id,
          currency,
          state: 'paid',
          lines: [{ sku: 'A', name: 'A', quantity: 1, unitPrice: { amount, currency } }],
        },
      })
    const dollars = await place('USD', 1000)
    expect(dollars.order.baseTotal).toBe(800)
    expect((await place('JPY', 1600)).order.baseTotal).toBe(1000)
    await api.orders.refund({
      params: { id: dollars.order.id },
      body: { amount: { amount: 333, currency: 'USD' } },
    })
    await api.orders.refund({ params: { id: dollars.order.id }, body: {} })
    expect(await api.orders.customerMetrics({ params: { id } })).toMatchObject({
      currency: 'EUR',
      orderCount: 2,
      grossSpend: 1800,
      totalSpend: 1000,
      averageOrderValue: 900,
      tier: 'bronze',
    })
  })
})

test('a customer without an order has no tier, and the list knows tiers', async () => {
  const t = await createTestClientele({ plugins })
  const { api } = t.as()
  const ana = await api.customers.create({ body: {} })
  await api.customers.create({ body: {} })
  const unitPrice = { amount: 4000, currency: 'EUR' }
  const lines = [{ sku: 'A', name: 'A', quantity: 1, unitPrice }]
  await api.orders.create({ body: { customerId: ana.id, state: 'paid', lines } })
  const gold = await api.customers.list({ query: { 'metrics.tier': 'gold' } })
  expect(gold.items).toMatchObject([{ id: ana.id, metrics: { tier: 'gold', totalSpend: 4000 } }])
  const { items } = await api.customers.list({ query: { 'metrics.totalSpend.lt': 1 } })
  expect(items).toMatchObject([{ metrics: { tier: null, orderCount: 0 } }])

  t.clock.advance('3d')
  expect(await api.customers.details({ params: { id: ana.id } })).toMatchObject({
    sections: { orders: { metrics: { tier: 'gold', recencyDays: 3 }, latest: [{ number: '1001' }] } },
  })
})

type Random = ReturnType<typeof seededRandom>

/** One random step; what the order's state does not allow is refused, and that is part of the test. */
async function somethingHappens(
  t: TestClientele<typeof plugins>,
  customerIds: readonly string[],
  random: Random,
): Promise<void> {
  const { ctx, db, tx, get } = t.as()
  const service = get(Orders)
  const known = await db.selectFrom('orders').select('id').orderBy('id').execute()
  const [choice, share, amount] = [random.number(), random.number(), 1 + Math.floor(random.number() * 999)]
  const customerId = random.maybe(() => random.pick(customerIds))
  const state = random.pick(['pending', 'paid', 'fulfilled'] as const)
  const order = known.length > 0 ? random.pick(known) : null
  const unitPrice = { amount, currency: 'EUR' }
  try {
    if (order === null || choice < 0.35) {
      const lines = [{ sku: 'A', name: 'A', quantity: 1 + Math.floor(share * 3), unitPrice }]
      await tx((one) => service.create(one, { customerId, state, lines, placedAt: ctx.now() }))
    } else if (choice < 0.5) await tx((one) => service.pay(one, order.id))
    else if (choice < 0.6) await tx((one) => service.fulfil(one, order.id))
    else if (choice < 0.7) await tx((one) => service.cancel(one, order.id))
    else if (choice < 0.9) await tx((one) => service.refund(one, order.id, { amount: unitPrice }))
    else {
      const refunds = [{ externalId: `r${amount}`, customerId, amount: unitPrice, refundedAt: ctx.now() }]
      await tx((one) => service.importMany(one, { source: 'elsewhere', refunds }))
    }
  } catch (error) {
    if (!isClienteleError(error) || !error.code.startsWith('orders.')) throw error
  }
}

interface Sums {
  readonly id: string
  readonly orderCount: number
  readonly grossSpend: number
  readonly totalSpend: number
  readonly averageOrderValue: number
  readonly firstOrderAt: string | null
  readonly lastOrderAt: string | null
  readonly tier: string | null
}

async function metricsOf(ctx: Ctx, ids: readonly string[]): Promise<Sums[]> {
  const rows = await ctx.repo(CustomerMetrics).getMany(ids)
  return rows.map(({ version: _v, createdAt: _c, updatedAt: _u, ...sums }) => sums)
}

/** The same by hand: every order and refund read and added up in JavaScript. */
async function recount(ctx: Ctx<OrdersTables>, ids: readonly string[]): Promise<Sums[]> {
  const allOrders = await ctx.db.selectFrom('orders').selectAll().execute()
  const allRefunds = await ctx.db.selectFrom('refunds').selectAll().execute()
  return ids.map((id) => {
    const bought = allOrders.filter(
      (o) => o.customerId === id && (o.state === 'paid' || o.state === 'fulfilled'),
    )
    const kept = new Set(bought.map((order) => order.id))
    const refunds = allRefunds.filter((r) => (r.orderId === null ? r.customerId === id : kept.has(r.orderId)))
    const grossSpend = bought.reduce((sum, order) => sum + order.baseTotal, 0)
    const totalSpend = grossSpend - refunds.reduce((sum, refund) => sum + refund.baseAmount, 0)
    const placed = bought.map((order) => order.placedAt).toSorted()
    const reached = tiers.filter((tier) => totalSpend >= tier.minSpend)
    return {
      id,
      orderCount: bought.length,
      grossSpend,
      totalSpend,
      averageOrderValue: bought.length === 0 ? 0 : Math.round(grossSpend / bought.length),
      firstOrderAt: placed[0] ?? null,
      lastOrderAt: placed.at(-1) ?? null,
      tier: bought.length === 0 ? null : (reached.at(-1)?.name ?? null),
    }
  })
}
