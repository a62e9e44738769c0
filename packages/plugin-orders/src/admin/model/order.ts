import type { Person } from '@clientele/admin-sdk'
import { NEXT_STATES, type OrderState } from '../../order/order-state.ts'
import type { RefundReason } from '../../refund/refund-reason.ts'

/** An amount in the smallest unit of its currency. */
export interface Money {
  readonly amount: number
  readonly currency: string
}

/** An order as the list answers it. */
export interface Order {
  readonly id: string
  readonly number: string
  readonly customerId: string | null
  readonly state: OrderState
  readonly placedAt: string
  readonly paidAt: string | null
  readonly fulfilledAt: string | null
  readonly cancelledAt: string | null
  readonly total: Money
  readonly country: string | null
}

/** A line as it was on that day. */
export interface OrderLine {
  readonly id: string
  /** Null for what is no product of the shop: postage, a fee, a discount. */
  readonly productId: string | null
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unitPrice: Money
  readonly total: Money
}

/** Money that was given back. */
export interface Refund {
  readonly id: string
  readonly amount: Money
  readonly reason: RefundReason
  readonly note: string | null
  readonly refundedAt: string
}

/** An order with all that belongs to it. */
export interface OrderDetails {
  readonly order: Order
  readonly lines: readonly OrderLine[]
  readonly refunds: readonly Refund[]
  /** Whose order it is. */
  readonly customer: Person | null
}

/** A step that an order can take from where it is. */
export type Step = Exclude<OrderState, 'pending'>

/** Where an order may go; the good way first. */
export function stepsOf({ state }: Order): readonly Step[] {
  return NEXT_STATES[state] as readonly Step[]
}

/** What was given back, in the order's currency. */
export function refundedOf({ refunds }: OrderDetails): number {
  return refunds.reduce((sum, { amount }) => sum + amount.amount, 0)
}

/** What can still be given back; 0 while nothing was paid. */
export function leftOf(details: OrderDetails): number {
  const { state, total } = details.order
  return state === 'paid' || state === 'fulfilled' ? Math.max(0, total.amount - refundedOf(details)) : 0
}
