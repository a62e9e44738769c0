import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { CustomerMetrics, Order, Orders, OrderLine, orders, type OrderBatch } from '../index.ts'

const plugins = [customers(), inventory(), orders()] as const

const line = (lineNumber: number, unitPrice: number, quantity = 1) => ({
  lineNumber,
  sku: 'CUP',
  name: 'Cup',
  quantity,
  unitPrice,
})

function batchOf(customerId: string): OrderBatch {
  return {
    source: 'old-shop',
    orders: [
      {
        externalId: '536365',
        customerId,
        placedAt: '2010-12-01T08:26:00Z',
        currency: 'EUR',
        country: 'France',
        lines: [line(1, 100, 6), line(2, 250, 2)],
      },
      {
        externalId: '536366',
        customerId: null,
        placedAt: '2010-12-02T08:26:00Z',
        currency: 'EUR',
        lines: [line(1, 50)],
      },
    ],
    refunds: [
      {
        externalId: 'C536367',
        orderExternalId: '536365',
        customerId,
        amount: { amount: 300, currency: 'EUR' },
        refundedAt: '2010-12-03T09:00:00Z',
      },
      {
        externalId: 'C536368',
        customerId,
        amount: { amount: 40, currency: 'EUR' },
        refundedAt: '2010-12-04T09:00:00Z',
      },
    ],
  }
}

eachStorage((storage) => {
  test('a batch carries orders, lines and refunds over and leaves exact metrics', async () => {
    const t = await createTestClientele({ storage, plugins })
    const { ctx, tx, get } = t.as({ origin: 'import' })
    const { id } = await tx((one) => one.repo(Customer).insert({}))
    const { orders: imported, changed } = await tx((one) => get(Orders).importMany(one, batchOf(id)))
    expect(changed).toEqual({ orders: 2, lines: 3, refunds: 2 })
    expect(imported).toMatchObject([
      { number: '536365', state: 'fulfilled', total: { amount: 1100 }, itemCount: 8, country: 'France' },
      { number: '536366', customerId: null },
    ])
    expect(await ctx.repo(CustomerMetrics).get(id)).toMatchObject({
      orderCount: 1,
      grossSpend: 1100,
      totalSpend: 760,
      firstOrderAt: '2010-12-01T08:26:00.000Z',
    })
    expect(await get(Orders).byNumber(ctx, '536365')).toMatchObject({
      order: { refundedTotal: 300 },
      refunds: [{ amount: { amount: 300 }, reason: 'requested' }],
    })
  })

  test('the same batch again changes nothing', async () => {
    const t = await createTestClientele({ storage, plugins })
    const { tx, get, db } = t.as({ origin: 'import' })
    const { id } = await tx((one) => one.repo(Customer).insert({}))
    await tx((one) => get(Orders).importMany(one, batchOf(id)))
    const before = await db.selectFrom('customerMetrics').selectAll().execute()
    t.recorder.clear()
    const { changed } = await tx((one) => get(Orders).importMany(one, batchOf(id)))
    expect(changed).toEqual({ orders: 0, lines: 0, refunds: 0 })
    expect(t.recorder.changes).toEqual([])
    expect(await db.selectFrom('customerMetrics').selectAll().execute()).toEqual(before)
  })

  test('an order given again is made what it is there', async () => {
    const t = await createTestClientele({ storage, plugins })
    const { ctx, tx, get } = t.as({ origin: 'import' })
    const [ana, bo] = await tx((one) => one.repo(Customer).insertMany([{}, {}]))
    const batch = batchOf(ana!.id)
    await tx((one) => get(Orders).importMany(one, batch))
    const [first] = batch.orders!
    const moved = { ...first!, customerId: bo!.id, lines: [line(1, 100, 7), line(3, 10)] }
    const { changed } = await tx((one) =>
      get(Orders).importMany(one, { source: 'old-shop', orders: [moved] }),
    )
    expect(changed).toEqual({ orders: 1, lines: 3, refunds: 0 })
    const metrics = await ctx.repo(CustomerMetrics).getMany([ana!.id, bo!.id])
    expect(metrics).toMatchObject([
      { orderCount: 0, totalSpend: -40, tier: null },
      { orderCount: 1, grossSpend: 710, totalSpend: 410 },
    ])
    expect((await get(Orders).byNumber(ctx, '536365')).lines).toMatchObject([
      { lineNumber: 1, quantity: 7 },
      { lineNumber: 3, quantity: 1 },
    ])
  })
})

test('subscribers see every row of an import', async () => {
  const t = await createTestClientele({ plugins })
  const { tx, get } = t.as({ origin: 'import' })
  const { id } = await tx((one) => one.repo(Customer).insert({}))
  t.recorder.clear()
  await tx((one) => get(Orders).importMany(one, batchOf(id)))
  const seen = t.recorder.changes.map((change) => `${change.kind} ${change.entity.name} ${change.origin}`)
  expect(seen.filter((one) => one === 'insert orders import')).toHaveLength(2)
  expect(seen.filter((one) => one === 'insert orderLines import')).toHaveLength(3)
  expect(seen.filter((one) => one === 'insert refunds import')).toHaveLength(2)
})

test('a refund of an order nobody knows takes the whole batch back', async () => {
  const t = await createTestClientele({ plugins })
  const { ctx, tx, get } = t.as({ origin: 'import' })
  const { id } = await tx((one) => one.repo(Customer).insert({}))
  const batch = batchOf(id)
  const refunds = batch.refunds!.map((refund) => ({ ...refund, orderExternalId: 'nowhere' }))
  await expect(tx((one) => get(Orders).importMany(one, { ...batch, refunds }))).rejects.toMatchObject({
    code: 'orders.unknown_order',
  })
  expect(await ctx.repo(Order).findBySource('old-shop', '536365')).toBeNull()
  expect(await ctx.db.selectFrom(OrderLine.name).selectAll().execute()).toEqual([])
})
