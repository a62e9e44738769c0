import type { Collection } from '@clientele/conditions'
import type { Timestamp } from '@clientele/core'
import type { SelectQueryBuilder } from 'kysely'
import type { OrderState } from '../order/order-state.ts'
import type { RefundReason } from '../refund/refund-reason.ts'

/** A sub-query over orders, refunds or lines, without a select list. */
// `any`: its tables are known to the condition types, not to the compiler.
export type Rows = SelectQueryBuilder<any, any, {}>

/** An order as evaluators see it; amounts are minor units of the reporting currency. */
export interface OrderFact {
  readonly id: string
  readonly number: string
  readonly state: OrderState
  readonly placedAt: Timestamp
  readonly baseTotal: number
  readonly itemCount: number
  readonly country: string | null
  readonly totalCurrency: string
  readonly source: string | null
}

/** A refund as evaluators see it. */
export interface RefundFact {
  readonly id: string
  /** Null for a refund whose order is not known. */
  readonly orderId: string | null
  readonly baseAmount: number
  readonly reason: RefundReason
  readonly refundedAt: Timestamp
  readonly source: string | null
}

/** The columns of an {@link OrderFact} and the customer's id. */
export const ORDER_COLUMNS = [
  ...['id', 'number', 'customerId', 'state', 'placedAt', 'baseTotal', 'itemCount', 'country'],
  ...['totalCurrency', 'source'],
].map((name) => `orders.${name}`)

const REFUND_COLUMNS = ['id', 'orderId', 'baseAmount', 'reason', 'refundedAt', 'source'].map(
  (name) => `refunds.${name}`,
)

/** All orders of a customer, in whatever state, the oldest first. */
export const ordersOfCustomer: Collection<OrderFact> = {
  key: 'orders',
  async load({ db, sql }, customerIds) {
    const rows = await db
      .selectFrom('orders')
      .where((eb) => sql.anyOf(eb.ref('orders.customerId'), 'uuid', customerIds))
      .select(ORDER_COLUMNS as never)
      .orderBy('orders.placedAt')
      .orderBy('orders.id')
      .execute()
    return byCustomer<OrderFact>(rows)
  },
}

/** The refunds of a customer's orders, and those without an order that are theirs. The oldest first. */
export const refundsOfCustomer: Collection<RefundFact> = {
  key: 'orders.refunds',
  async load({ db, sql }, customerIds) {
    const ofOrders = await db
      .selectFrom('orders')
      .innerJoin('refunds', 'refunds.orderId', 'orders.id')
      .where((eb) => sql.anyOf(eb.ref('orders.customerId'), 'uuid', customerIds))
      .select([...REFUND_COLUMNS, 'orders.customerId'] as never)
      .execute()
    const unmatched = await db
      .selectFrom('refunds')
      .where('refunds.orderId', 'is', null)
      .where((eb) => sql.anyOf(eb.ref('refunds.customerId'), 'uuid', customerIds))
      .select([...REFUND_COLUMNS, 'refunds.customerId'] as never)
      .execute()
    const rows = [...ofOrders, ...unmatched] as unknown as (RefundFact & Owned)[]
    return byCustomer<RefundFact>(rows.toSorted((a, b) => (a.refundedAt < b.refundedAt ? -1 : 1)))
  },
}

interface Owned {
  readonly customerId: string
}

/** Rows in lists by the customer they belong to. */
export function byCustomer<R>(rows: readonly unknown[]): ReadonlyMap<string, readonly R[]> {
  return Map.groupBy(rows as readonly (R & Owned)[], (row) => row.customerId)
}
