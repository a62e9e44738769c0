import { definePlugin, within, type DomainEvent } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { createTestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import {
  OrderCancelled,
  OrderFulfilled,
  OrderPaid,
  OrderPlaced,
  OrderRefunded,
  Orders,
  orders,
  OrdersImported,
} from './index.ts'

const EVENTS: readonly DomainEvent<unknown>[] = [
  OrderPlaced,
  OrderPaid,
  OrderFulfilled,
  OrderCancelled,
  OrderRefunded,
  OrdersImported,
]
const lines = [{ sku: 'A', name: 'A', quantity: 1, unitPrice: { amount: 500, currency: 'EUR' } }]

/** A plugin that hears what orders announce. */
function listener() {
  const heard: { readonly name: string; readonly payload: unknown }[] = []
  const plugin = definePlugin({
    id: 'listener',
    version: '1.0.0',
    requires: { core: '*' },
    dependsOn: [orders],
    handlers: EVENTS.map((event) =>
      within(
        event,
        `listener.${event.name}`,
        async ({ name, payload }) => void heard.push({ name, payload }),
      ),
    ),
  })
  return { plugin: plugin(), heard, names: () => heard.splice(0).map((one) => one.name) }
}

test('every step of an order is announced', async () => {
  const { plugin, heard, names } = listener()
  const { api } = (await createTestClientele({ plugins: [customers(), inventory(), orders(), plugin] })).as()
  const { id: customerId } = await api.customers.create({ body: {} })
  const { order } = await api.orders.create({ body: { customerId, lines } })
  expect(heard).toEqual([{ name: 'orders.placed', payload: { orderId: order.id, customerId } }])
  const params = { id: order.id }
  await api.orders.pay({ params })
  await api.orders.refund({ params, body: { amount: { amount: 100, currency: 'EUR' } } })
  await api.orders.fulfil({ params })
  expect(names()).toEqual(['orders.placed', 'orders.paid', 'orders.refunded', 'orders.fulfilled'])

  const other = await api.orders.create({ body: { state: 'paid', lines } })
  await api.orders.cancel({ params: { id: other.order.id } })
  expect(names()).toEqual(['orders.placed', 'orders.paid', 'orders.refunded', 'orders.cancelled'])
})

test('a batch of an import is announced once, and only when it changed something', async () => {
  const { plugin, heard, names } = listener()
  const t = await createTestClientele({ plugins: [customers(), inventory(), orders(), plugin] })
  const { tx, get } = t.as({ origin: 'import' })
  const { id: customerId } = await tx((one) => one.repo(Customer).insert({}))
  const order = { customerId, placedAt: '2011-01-01T00:00:00Z', currency: 'EUR', lines: [] }
  const batch = {
    source: 'old',
    orders: [
      { ...order, externalId: '1' },
      { ...order, externalId: '2' },
    ],
  }
  const imported = await tx((one) => get(Orders).importMany(one, batch))
  const payload = { orderIds: imported.orders.map((one) => one.id), refundIds: [] }
  expect(heard).toEqual([{ name: 'orders.imported', payload }])
  await tx((one) => get(Orders).importMany(one, batch))
  expect(names()).toEqual(['orders.imported'])
})
