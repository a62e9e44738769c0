import type { Facts, SqlScope, Window } from '@clientele/conditions'
import { expressionBuilder, type SelectQueryBuilder } from 'kysely'
import { Order } from '../order/order.entity.ts'
import { Refund } from '../refund/refund.entity.ts'
import { ordersOfCustomer, refundsOfCustomer, type RefundFact, type Rows } from './rows.ts'
import { inSpan, isInSpan, spanOf } from './span.ts'
import {
  countedOrders,
  isCountedOrder,
  meeting,
  meets,
  refundProperties,
  type PropertyRule,
} from './where.ts'

/**
 * Which money is meant. An order counts in the window it was placed in, a refund in that in which it was made; a refund
 * belongs to whoever placed its order, and counts when that does. Where rules ask about orders, refunds without one are
 * left out.
 */
export interface MoneyRules {
  readonly within?: Window | undefined
  /** About orders, and about the orders of refunds. */
  readonly orders?: readonly PropertyRule[] | undefined
  /** About refunds. */
  readonly refunds?: readonly PropertyRule[] | undefined
}

const eb = expressionBuilder<any, any>()

/** What was paid and what was given back, a row each, as `money` with `id` (the customer), `paid` and `refunded`. */
export function moneyRows(rules: MoneyRules, scope: SqlScope): Rows {
  const zero = eb.lit(0)
  return unionOf(
    paidRows(rules, scope).select([
      'orders.customerId as id',
      'orders.baseTotal as paid',
      zero.as('refunded'),
    ]),
    refundRows(rules, scope).map(({ rows, id }) =>
      rows.select([`${id} as id`, zero.as('paid'), 'refunds.baseAmount as refunded']),
    ),
  )
}

/** The same as `money` with `id` and `amount`, which is below zero for what was given back. */
export function revenueRows(rules: MoneyRules, scope: SqlScope): Rows {
  const refunded = eb.neg(eb.ref('refunds.baseAmount')).as('amount')
  return unionOf(
    paidRows(rules, scope).select(['orders.customerId as id', 'orders.baseTotal as amount']),
    refundRows(rules, scope).map(({ rows, id }) => rows.select([`${id} as id`, refunded])),
  )
}

/** Refunds alone, as `money` with `id` and `amount`. */
export function refundsOnly(rules: MoneyRules, scope: SqlScope): Rows {
  const [first, ...others] = refundRows(rules, scope).map(({ rows, id }) =>
    rows.select([`${id} as id`, 'refunds.baseAmount as amount']),
  )
  return unionOf(first!, others)
}

function paidRows(rules: MoneyRules, scope: SqlScope): Rows {
  const orders = countedOrders(scope.rowsOf(Order, 'customerId'), rules.orders, scope)
  return inSpan(orders, 'orders.placedAt', spanOf(rules.within, scope)).where(
    'orders.customerId',
    'is not',
    null,
  )
}

// `any`: the sides of a union have the columns that their caller selects.
function unionOf(first: Rows, others: readonly SelectQueryBuilder<any, any, any>[]): Rows {
  const all = others.reduce((rows, other) => rows.unionAll(other), first)
  return eb.selectFrom(all.as('money'))
}

interface RefundRows {
  readonly rows: Rows
  /** The column with the customer's id. */
  readonly id: string
}

function refundRows(rules: MoneyRules, scope: SqlScope): readonly RefundRows[] {
  const narrowed = (rows: Rows, id: string): RefundRows => {
    const inWindow = inSpan(rows, 'refunds.refundedAt', spanOf(rules.within, scope))
    return { rows: meeting(inWindow, refundProperties, rules.refunds, scope).where(id, 'is not', null), id }
  }
  const joined = scope
    .rowsOf(Order, 'customerId')
    .innerJoin('refunds', 'refunds.orderId', 'orders.id') as unknown as Rows
  const ofOrders = narrowed(countedOrders(joined, rules.orders, scope), 'orders.customerId')
  if (rules.orders) return [ofOrders]
  const unmatched = scope.rowsOf(Refund, 'customerId').where('refunds.orderId', 'is', null)
  return [ofOrders, narrowed(unmatched, 'refunds.customerId')]
}

/** What one customer paid and got back, in minor units. */
export function moneyOf(
  rules: MoneyRules,
  facts: Facts,
): { readonly paid: number; readonly refunded: number } {
  const span = spanOf(rules.within, facts)
  const paid = facts
    .rows(ordersOfCustomer)
    .filter((order) => isCountedOrder(order, rules.orders, facts) && isInSpan(order.placedAt, span))
  const refunded = refundsOf(rules, facts)
  return {
    paid: paid.reduce((sum, order) => sum + order.baseTotal, 0),
    refunded: refunded.reduce((sum, refund) => sum + refund.baseAmount, 0),
  }
}

/** The refunds of one customer that are meant. */
export function refundsOf(rules: MoneyRules, facts: Facts): readonly RefundFact[] {
  const span = spanOf(rules.within, facts)
  const orders = new Map(facts.rows(ordersOfCustomer).map((order) => [order.id, order]))
  return facts.rows(refundsOfCustomer).filter((refund) => {
    if (!isInSpan(refund.refundedAt, span) || !meets(refund, refundProperties, rules.refunds, facts))
      return false
    if (refund.orderId === null) return rules.orders === undefined
    const order = orders.get(refund.orderId)
    return order !== undefined && isCountedOrder(order, rules.orders, facts)
  })
}
