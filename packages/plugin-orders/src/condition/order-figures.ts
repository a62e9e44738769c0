import { ownerOf, type Facts, type SqlScope } from '@clientele/conditions'
import { expressionBuilder, sql } from 'kysely'
import { CustomerMetrics } from '../customer-metrics/customer-metrics.entity.ts'
import { Order } from '../order/order.entity.ts'
import { figureConditions, type Figure, type FigureLeaf } from './figure-conditions.ts'
import { moneyOf, revenueRows, type MoneyRules } from './money.ts'
import { ordersOfCustomer, refundsOfCustomer, type OrderFact, type Rows } from './rows.ts'
import { inSpan, isInSpan, spanOf } from './span.ts'
import { countedOrders, isCountedOrder, orderProperties } from './where.ts'

const eb = expressionBuilder<any, any>()
const total = eb.ref('orders.baseTotal')

/** How many orders. */
const count: Figure = {
  kind: 'integer',
  none: 0,
  compile: (leaf, scope) => ({ ...ordersOf(leaf, scope), value: eb.fn.countAll(), counts: true }),
  evaluate: (leaf, facts) => orderedBy(leaf, facts).length,
  metric: (scope) => ({ column: scope.column(CustomerMetrics, 'orderCount'), nullable: false }),
}

/** What was paid, refunded or not. */
const grossRevenue: Figure = {
  kind: 'amount',
  none: 0,
  compile: (leaf, scope) => ({ ...ordersOf(leaf, scope), value: eb.fn.sum(total) }),
  evaluate: (leaf, facts) => sumOf(orderedBy(leaf, facts)),
  metric: (scope) => ({ column: scope.column(CustomerMetrics, 'grossSpend'), nullable: false }),
}

/** What was paid in the window, less what was given back in it. */
const revenue: Figure = {
  kind: 'amount',
  none: 0,
  compile(leaf, scope) {
    return {
      rows: revenueRows(rulesOf(leaf), scope),
      id: 'money.id',
      value: eb.fn.sum(eb.ref('money.amount')),
    }
  },
  evaluate(leaf, facts) {
    const { paid, refunded } = moneyOf(rulesOf(leaf), facts)
    return paid - refunded
  },
}

/** What was paid, by order, in whole minor units: half a unit is rounded up. */
const averageValue: Figure = {
  kind: 'amount',
  none: null,
  compile: (leaf, scope) => ({
    ...ordersOf(leaf, scope),
    value: sql`cast(2 * sum(${total}) + count(*) as bigint) / (2 * count(*))`,
  }),
  evaluate(leaf, facts) {
    const orders = orderedBy(leaf, facts)
    return orders.length === 0 ? null : Math.trunc((2 * sumOf(orders) + orders.length) / (2 * orders.length))
  },
  metric: (scope) => ({
    column: sql`case when ${scope.column(CustomerMetrics, 'orderCount')} > 0 then ${scope.column(CustomerMetrics, 'averageOrderValue')} end`,
    nullable: true,
  }),
}

const type = 'orders'
const last90Days = { last: { amount: 90, unit: 'day' } } as const

/**
 * `orders`: how many a customer placed, and what they were worth. Paid and fulfilled orders count, unless `where` asks
 * about the state; an order counts from the instant at which it was placed.
 */
export const orderFigures = figureConditions(type, {
  figures: { count, revenue, grossRevenue, averageValue },
  properties: orderProperties,
  reads: [ordersOfCustomer, refundsOfCustomer],
  dependsOn: ['orders.*', 'refunds.*'],
  instants: (leaf, facts) => [
    ...matchingOrders(leaf, facts).map((order) => order.placedAt),
    ...(leaf.field === 'revenue' ? facts.rows(refundsOfCustomer).map((refund) => refund.refundedAt) : []),
  ],
  latest: (leaf, facts) => orderedBy(leaf, facts).at(-1) ?? null,
  examples: [
    { type, field: 'count', operator: 'gte', value: 3, within: last90Days },
    { type, field: 'revenue', operator: 'gte', value: 500, within: { calendar: 'year', from: 0, to: 0 } },
    {
      ...{ type, field: 'count', operator: 'is', value: 0 },
      within: { from: '2026-01-01T00:00:00.000Z' },
    },
    {
      ...{ type, field: 'averageValue', operator: 'between', value: [20, 49.99] },
      where: [{ property: 'country', operator: 'is', value: 'BR' }],
    },
  ],
})

function rulesOf({ within, where }: FigureLeaf): MoneyRules {
  return { within, orders: where }
}

/** The orders of the leaf, grouped by whoever placed them. */
function ordersOf(leaf: FigureLeaf, scope: SqlScope): { readonly rows: Rows; readonly id: string } {
  const orders = countedOrders(scope.rowsOf(Order, 'customerId'), leaf.where, scope)
  const rows = inSpan(orders, 'orders.placedAt', spanOf(leaf.within, scope))
  const id = 'orders.customerId'
  return { rows: rows.where(ownerOf(id, leaf.within, scope), 'is not', null), id }
}

function matchingOrders(leaf: FigureLeaf, facts: Facts): readonly OrderFact[] {
  return facts.rows(ordersOfCustomer).filter((order) => isCountedOrder(order, leaf.where, facts))
}

function orderedBy(leaf: FigureLeaf, facts: Facts): readonly OrderFact[] {
  const span = spanOf(leaf.within, facts)
  return matchingOrders(leaf, facts).filter((order) => isInSpan(order.placedAt, span))
}

function sumOf(orders: readonly OrderFact[]): number {
  return orders.reduce((sum, order) => sum + order.baseTotal, 0)
}
