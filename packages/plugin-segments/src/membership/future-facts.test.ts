import { Customer, CustomerEvents, customers, Merges } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { Orders, orders } from '@clientele/plugin-orders'
import { createTestClientele, eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { segments } from '../segments.plugin.ts'

const NAME = 'Product Viewed'
const HOUR = 3_600_000

async function shopOf(storage: TestStorage) {
  const t = await createTestClientele({ storage, plugins: [customers(), inventory(), orders(), segments()] })
  const { api, tx } = t.as()
  const segmentOf = async (condition: Record<string, unknown>): Promise<string> => {
    const { id } = await api.segments.create({ body: { name: JSON.stringify(condition), condition } })
    await t.drain()
    return id
  }
  const membersOf = async (id: string): Promise<string[]> => {
    const { items } = await api.segments.members({ params: { id }, query: { limit: 200 } })
    return items.map((row) => row.id).toSorted()
  }
  const customerOf = () => tx((one) => one.repo(Customer).insert({}))
  const after = (ms: number) => new Date(t.clock.now() + ms).toISOString()
  const viewed = (customerId: string, ms: number) =>
    tx((one) =>
      one.get(CustomerEvents).track(one, { who: { customerId }, name: NAME, occurredAt: after(ms) }),
    )
  return { t, tx, segmentOf, membersOf, customerOf, viewed, after }
}

eachStorage((storage) => {
  test('an event dated in the future counts from that instant on, also without a window', async () => {
    const { t, segmentOf, membersOf, customerOf, viewed } = await shopOf(storage)
    const [once, twice] = [
      await segmentOf({ type: 'event', name: NAME }),
      await segmentOf({ type: 'event', name: NAME, count: { operator: 'gte', value: 2 } }),
    ]
    const { id } = await customerOf()
    await viewed(id, HOUR)
    await viewed(id, 2 * HOUR)
    // Made while the events are ahead: asked as any other when they happen.
    const none = await segmentOf({ type: 'event', name: NAME, count: { operator: 'is', value: 0 } })
    const now = async () => [await membersOf(once), await membersOf(twice), await membersOf(none)]
    t.clock.advance(HOUR - 1)
    await t.drain()
    expect(await now()).toEqual([[], [], [id]])
    t.clock.advance(1)
    await t.drain()
    expect(await now()).toEqual([[id], [], []])
    t.clock.advance(HOUR - 1)
    await t.drain()
    expect(await now()).toEqual([[id], [], []])
    t.clock.advance(1)
    await t.drain()
    expect(await now()).toEqual([[id], [id], []])
  })

  test('an event in the future counts for whoever has it when it happens', async () => {
    const { t, tx, segmentOf, membersOf, customerOf, viewed } = await shopOf(storage)
    const segment = await segmentOf({ type: 'event', name: NAME })
    const [survivor, merged] = [await customerOf(), await customerOf()]
    await viewed(merged.id, HOUR)
    await tx((one) => one.get(Merges).merge(one, survivor.id, merged.id, { cause: 'person' }))
    await t.drain()
    expect(await membersOf(segment)).toEqual([])
    t.clock.advance(HOUR)
    await t.drain()
    expect(await membersOf(segment)).toEqual([survivor.id])
  })

  test('an order and a refund dated in the future count from that instant on', async () => {
    const { t, tx, segmentOf, membersOf, customerOf, after } = await shopOf(storage)
    const bought = await segmentOf({ type: 'bought', sku: 'CUP' })
    const placed = await segmentOf({ type: 'orders', field: 'count', operator: 'gte', value: 1 })
    const refunded = await segmentOf({ type: 'refunds', field: 'count', operator: 'gte', value: 1 })
    const { id } = await customerOf()
    const line = { lineNumber: 1, sku: 'CUP', name: 'Cup', quantity: 1, unitPrice: 100 }
    const given = { externalId: '1', customerId: id, currency: 'EUR', lines: [line] }
    const back = { externalId: 'r', orderExternalId: '1', customerId: id }
    await tx((one) =>
      one.get(Orders).importMany(one, {
        source: 'old',
        orders: [{ ...given, placedAt: after(HOUR) }],
        refunds: [{ ...back, amount: { amount: 50, currency: 'EUR' }, refundedAt: after(2 * HOUR) }],
      }),
    )
    const now = async () => [await membersOf(bought), await membersOf(placed), await membersOf(refunded)]
    await t.drain()
    expect(await now()).toEqual([[], [], []])
    t.clock.advance(HOUR)
    await t.drain()
    expect(await now()).toEqual([[id], [id], []])
    t.clock.advance(HOUR)
    await t.drain()
    expect(await now()).toEqual([[id], [id], [id]])
  })
})
