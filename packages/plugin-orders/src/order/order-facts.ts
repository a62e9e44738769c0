import { within, type Ctx, type EventHandler, type Tx } from '@clientele/core'
import { CustomerEvents, type NewFact } from '@clientele/plugin-customers'
import { OrderPlaced, OrderRefunded, OrdersImported } from '../orders.events.ts'
import { Refund } from '../refund/refund.entity.ts'
import { Order } from './order.entity.ts'

/** Orders and refunds on the timeline of their customer: `order.placed`, `order.refunded`. */
export const orderFacts: readonly EventHandler[] = [
  within(OrderPlaced, 'orders.facts.placed', async ({ payload }, t) => {
    if (payload.customerId) await record(t, { orderIds: [payload.orderId], refundIds: [] })
  }),
  within(OrderRefunded, 'orders.facts.refunded', async ({ payload }, t) => {
    if (payload.customerId) await record(t, { orderIds: [], refundIds: [payload.refundId] })
  }),
  within(OrdersImported, 'orders.facts.imported', ({ payload }, t) => record(t, payload)),
]

async function record(
  t: Tx,
  { orderIds, refundIds }: { readonly orderIds: readonly string[]; readonly refundIds: readonly string[] },
): Promise<void> {
  const facts = [...(await placed(t, orderIds)), ...(await refunded(t, refundIds))]
  if (facts.length > 0) await t.get(CustomerEvents).record(t, facts)
}

async function placed(ctx: Ctx, ids: readonly string[]): Promise<NewFact[]> {
  const orders = await ctx.repo(Order).getMany(ids)
  return orders.flatMap(({ id, number, customerId, total, placedAt }): NewFact[] => {
    if (!customerId) return []
    const properties = { orderId: id, number, total }
    return [{ customerId, name: 'order.placed', key: id, properties, occurredAt: placedAt }]
  })
}

async function refunded(ctx: Ctx, ids: readonly string[]): Promise<NewFact[]> {
  const refunds = await ctx.repo(Refund).getMany(ids)
  return refunds.flatMap(({ id, orderId, customerId, amount, refundedAt }): NewFact[] => {
    if (!customerId) return []
    const properties = { refundId: id, orderId, amount }
    return [{ customerId, name: 'order.refunded', key: id, properties, occurredAt: refundedAt }]
  })
}
