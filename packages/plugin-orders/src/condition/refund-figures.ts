import type { SqlScope } from '@clientele/conditions'
import { expressionBuilder, sql } from 'kysely'
import { figureConditions, type Figure, type FigureLeaf } from './figure-conditions.ts'
import { moneyOf, moneyRows, refundsOf, refundsOnly, type MoneyRules } from './money.ts'
import { ordersOfCustomer, refundsOfCustomer, type Rows } from './rows.ts'
import { refundProperties } from './where.ts'

const eb = expressionBuilder<any, any>()

/** How many refunds. */
const count: Figure = {
  kind: 'integer',
  none: 0,
  compile: (leaf, scope) => ({ ...givenBack(leaf, scope), value: eb.fn.countAll(), counts: true }),
  evaluate: (leaf, facts) => refundsOf(rulesOf(leaf), facts).length,
}

/** What was given back. */
const amount: Figure = {
  kind: 'amount',
  none: 0,
  compile: (leaf, scope) => ({ ...givenBack(leaf, scope), value: eb.fn.sum(eb.ref('money.amount')) }),
  evaluate: (leaf, facts) => moneyOf(rulesOf(leaf), facts).refunded,
}

/** The share of what was paid that was given back: 0.25 is a quarter. None where nothing was paid. */
const rate: Figure = {
  kind: 'number',
  none: null,
  compile(leaf, scope) {
    const [paid, refunded] = [eb.ref('money.paid'), eb.ref('money.refunded')]
    // Floating-point numbers divide alike everywhere; PostgreSQL's `numeric` does not.
    const value = sql`cast(sum(${refunded}) as double precision) / nullif(cast(sum(${paid}) as double precision), 0)`
    return { rows: moneyRows(rulesOf(leaf), scope), id: 'money.id', value }
  },
  evaluate(leaf, facts) {
    const { paid, refunded } = moneyOf(rulesOf(leaf), facts)
    return paid === 0 ? null : refunded / paid
  },
}

const type = 'refunds'

/**
 * `refunds`: how many refunds a customer got, how much, and which share of what they paid. Refunds of cancelled orders
 * do not count, as these do not.
 */
export const refundFigures = figureConditions(type, {
  figures: { count, amount, rate },
  properties: refundProperties,
  reads: [ordersOfCustomer, refundsOfCustomer],
  dependsOn: ['orders.*', 'refunds.*'],
  instants: (leaf, facts) => [
    ...facts.rows(refundsOfCustomer).map((refund) => refund.refundedAt),
    ...(leaf.field === 'rate' ? facts.rows(ordersOfCustomer).map((order) => order.placedAt) : []),
  ],
  latest: (leaf, facts) => refundsOf(rulesOf(leaf), facts).at(-1) ?? null,
  examples: [
    { type, field: 'count', operator: 'gte', value: 2, within: { last: { amount: 30, unit: 'day' } } },
    { type, field: 'rate', operator: 'gt', value: 0.5 },
    {
      ...{ type, field: 'amount', operator: 'gte', value: 100 },
      where: [{ property: 'reason', operator: 'is', value: 'damaged' }],
    },
  ],
})

function rulesOf({ within, where }: FigureLeaf): MoneyRules {
  return { within, refunds: where }
}

function givenBack(leaf: FigureLeaf, scope: SqlScope): { readonly rows: Rows; readonly id: string } {
  return { rows: refundsOnly(rulesOf(leaf), scope), id: 'money.id' }
}
