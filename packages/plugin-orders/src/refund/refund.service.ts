import type { Money, Tx } from '@clientele/core'
import { Metrics } from '../customer-metrics/customer-metrics.service.ts'
import { COUNTED_STATES, isCounted } from '../order/order-state.ts'
import { Order, type OrderRow } from '../order/order.entity.ts'
import { ordersErrors } from '../orders.errors.ts'
import { OrderRefunded } from '../orders.events.ts'
import type { CommerceTables } from '../orders.tables.ts'
import type { NewRefund } from './new-refund.ts'
import type { RefundReason } from './refund-reason.ts'
import { Refund, type RefundRow } from './refund.entity.ts'

/**
 * Gives money back for an order that is locked with its customer.
 * @throws `orders.not_paid`, `orders.refund_too_large`, `orders.foreign_currency`
 */
export async function refundOrder(t: Tx, order: OrderRow, input: NewRefund): Promise<RefundRow> {
  if (!isCounted(order.state)) {
    throw ordersErrors['orders.not_paid']({
      number: order.number,
      state: order.state,
      allowed: COUNTED_STATES,
    })
  }
  const { currency } = order.total
  const left = await leftToRefund(t, order)
  const amount = input.amount ?? { amount: left, currency }
  if (amount.currency !== currency) {
    throw ordersErrors['orders.foreign_currency']({ currency: amount.currency, expected: currency })
  }
  if (amount.amount > left || amount.amount <= 0) {
    throw ordersErrors['orders.refund_too_large']({
      number: order.number,
      amount: amount.amount,
      left,
      currency,
    })
  }
  const refund = await insertRefund(t, order, amount, left, input)
  if (order.customerId !== null) await t.get(Metrics).refresh(t, [order.customerId])
  return refund
}

/** Gives back all that is left of what was paid, if anything is; for an order about to be cancelled. */
export async function refundRest(t: Tx, order: OrderRow, reason: RefundReason): Promise<void> {
  const left = await leftToRefund(t, order)
  if (left > 0)
    await insertRefund(t, order, { amount: left, currency: order.total.currency }, left, { reason })
}

async function insertRefund(
  t: Tx,
  order: OrderRow,
  amount: Money,
  left: number,
  { reason = 'requested', note = null, refundedAt = t.now() }: NewRefund,
): Promise<RefundRow> {
  const { id: orderId, customerId } = order
  const baseAmount = inReportingCurrency(order, amount.amount, left)
  const refund = await t
    .repo(Refund)
    .insert({ orderId, customerId, amount, baseAmount, reason, note, refundedAt })
  await t.repo(Order).patch(orderId, { refundedTotal: order.refundedTotal + baseAmount })
  await t.emit(OrderRefunded, { refundId: refund.id, orderId, customerId })
  return refund
}

async function leftToRefund(t: Tx<CommerceTables>, order: OrderRow): Promise<number> {
  const { refunded } = await t.db
    .selectFrom('refunds')
    .where('orderId', '=', order.id)
    .select((eb) => t.sql.as(eb.fn.sum<number | null>('amount'), 'integer', 'refunded'))
    .executeTakeFirstOrThrow()
  return order.total.amount - (refunded ?? 0)
}

// At the order's own rate; the last refund takes what is left, so that rounding never leaves a cent behind.
function inReportingCurrency(order: OrderRow, amount: number, left: number): number {
  if (amount === left) return order.baseTotal - order.refundedTotal
  return Math.round((amount * order.baseTotal) / order.total.amount)
}
