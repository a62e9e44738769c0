import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { orders } from '../index.ts'

const plugins = [customers(), inventory(), orders()] as const

eachStorage((storage) => {
  test('the dashboard compares a period with the one before it', async () => {
    const { api } = (await createTestClientele({ storage, plugins })).as()
    const ana = await api.customers.create({ body: {} })
    const bo = await api.customers.create({ body: {} })
    const place = (
      customerId: string | null,
      placedAt: string,
      amount: number,
      state: 'pending' | 'paid' = 'paid',
    ) =>
      api.orders.create({
        body: {
          customerId,
          placedAt,
          state,
          lines: [{ sku: 'A', name: 'A', quantity: 1, unitPrice: { amount, currency: 'EUR' } }],
        },
      })
    await place(ana.id, '2026-01-03T10:00:00Z', 1000)
    await place(ana.id, '2026-01-10T10:00:00Z', 3000)
    const last = await place(bo.id, '2026-01-11T10:00:00Z', 2000)
    await place(null, '2026-01-12T10:00:00Z', 500)
    await place(bo.id, '2026-01-13T10:00:00Z', 9999, 'pending')
    await api.orders.refund({
      params: { id: last.order.id },
      body: { amount: { amount: 700, currency: 'EUR' } },
    })

    expect(await api.orders.dashboard({ query: { period: '7d' } })).toEqual({
      from: '2026-01-09T00:00:00.000Z',
      to: '2026-01-15T12:00:00.000Z',
      previous: { from: '2026-01-02T00:00:00.000Z', to: '2026-01-08T12:00:00.000Z' },
      currency: 'EUR',
      sales: { value: 5500, previous: 1000, change: 4.5 },
      refunds: { value: 0, previous: 0, change: null },
      orders: { value: 3, previous: 1, change: 2 },
      averageOrderValue: { value: 1833, previous: 1000, change: 0.833 },
      activeCustomers: { value: 2, previous: 1, change: 1 },
      newCustomers: { value: 1, previous: 1, change: 0 },
      returningCustomers: { value: 1, previous: 0, change: null },
    })
    // The refund was given at noon, the end of the period above.
    const untilNight = { from: '2026-01-15T00:00:00Z', to: '2026-01-16T00:00:00Z' }
    expect(await api.orders.dashboard({ query: untilNight })).toMatchObject({ refunds: { value: 700 } })
  })

  test('each day has what was sold on it, from midnight to midnight of the tenant', async () => {
    const t = await createTestClientele({ storage, plugins })
    const { api } = t.as()
    await api.core.updateSettings({ params: { name: 'tenant' }, body: { timeZone: 'America/Sao_Paulo' } })
    const place = (placedAt: string, amount: number, state: 'pending' | 'paid' | 'fulfilled' = 'paid') =>
      api.orders.create({
        body: {
          placedAt,
          state,
          lines: [{ sku: 'A', name: 'A', quantity: 1, unitPrice: { amount, currency: 'EUR' } }],
        },
      })
    await place('2026-01-13T02:59:59.999Z', 1)
    await place('2026-01-13T03:00:00.000Z', 20)
    await place('2026-01-14T02:59:59.999Z', 300, 'fulfilled')
    await place('2026-01-15T10:00:00Z', 4000)
    await place('2026-01-15T10:00:00Z', 50_000, 'pending')
    const day = (date: string, sales: number, orders: number): object => ({
      from: `2026-01-${date}T03:00:00.000Z`,
      sales,
      orders,
    })
    const expected = [day('13', 320, 2), day('14', 0, 0), day('15', 4000, 1)]
    const sales = await api.orders.dailySales({ query: { period: '3d' } })
    expect(sales).toMatchObject({ currency: 'EUR', from: '2026-01-13T03:00:00.000Z', days: expected })
    const today = await api.orders.dailySales({ query: { period: '1d' } })
    expect(today.days).toEqual(expected.slice(2))
    const { days } = await api.orders.dailySales({ query: { period: '92d' } })
    expect(days.reduce((sum, one) => sum + one.sales, 0)).toBe(4321)
    expect((await t.fetch('/api/v1/metrics/daily-sales?period=93d')).status).toBe(400)
  })

  test('top products and a product’s own figures count what was paid', async () => {
    const { api } = (await createTestClientele({ storage, plugins })).as()
    const { id: customerId } = await api.customers.create({ body: {} })
    const product = (sku: string, amount: number) =>
      api.inventory.createProduct({ body: { sku, name: `The ${sku}`, price: { amount, currency: 'EUR' } } })
    const [cup, jar] = [await product('CUP', 100), await product('JAR', 5000)]
    const postage = { sku: 'POST', name: 'Postage', quantity: 1, unitPrice: { amount: 900, currency: 'EUR' } }
    const order = (state: 'paid' | 'pending', cups: number) =>
      api.orders.create({
        body: {
          customerId,
          state,
          lines: [{ productId: cup.id, quantity: cups }, { productId: jar.id, quantity: 1 }, postage],
        },
      })
    await order('paid', 3)
    await order('paid', 4)
    await order('pending', 100)
    const period = { to: '2026-01-16T00:00:00Z' }
    expect((await api.orders.topProducts({ query: period })).items).toEqual([
      { productId: jar.id, sku: 'JAR', name: 'The JAR', quantity: 2, revenue: 10_000, orders: 2 },
      { productId: cup.id, sku: 'CUP', name: 'The CUP', quantity: 7, revenue: 700, orders: 2 },
    ])
    const byQuantity = await api.orders.topProducts({ query: { ...period, by: 'quantity', limit: 1 } })
    expect(byQuantity.items.map((item) => item.sku)).toEqual(['CUP'])
    expect(await api.orders.productMetrics({ params: { id: cup.id } })).toEqual({
      productId: cup.id,
      currency: 'EUR',
      quantity: 7,
      revenue: 700,
      orders: 2,
      customers: 1,
      firstSoldAt: '2026-01-15T12:00:00.000Z',
      lastSoldAt: '2026-01-15T12:00:00.000Z',
    })
  })
})

test('nothing sold is no error', async () => {
  const { api } = (await createTestClientele({ plugins })).as()
  const { id } = await api.inventory.createProduct({
    body: { sku: 'CUP', name: 'Cup', price: { amount: 1, currency: 'EUR' } },
  })
  expect(await api.orders.dashboard()).toMatchObject({ sales: { value: 0, previous: 0, change: null } })
  expect(await api.orders.topProducts()).toMatchObject({ items: [] })
  expect(await api.orders.productMetrics({ params: { id } })).toMatchObject({
    quantity: 0,
    firstSoldAt: null,
  })
})

test('a period that ends before it begins is refused', async () => {
  const t = await createTestClientele({ plugins })
  const backwards = await t.fetch(
    '/api/v1/metrics/dashboard?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
  )
  expect(backwards.status).toBe(400)
  expect((await t.fetch('/api/v1/metrics/dashboard?period=soon')).status).toBe(400)
})
