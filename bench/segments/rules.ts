import { readFileSync } from 'node:fs'
import type { Condition, Leaf } from '@clientele/conditions'

/** A question asked both ways; `bench/sql/<name>.<database>.sql` asks it by hand. */
export interface Rule {
  readonly name: string
  readonly condition: Condition
}

const attribute = (field: string, operator: string, value: unknown): Condition => ({
  type: 'attribute',
  field,
  operator,
  value,
})
const metric = (field: string, operator: string, value: unknown): Condition => ({
  type: 'metric',
  field,
  operator,
  value,
})
const trait = (name: string, operator: string, value: unknown): Condition => ({
  type: 'trait',
  name,
  operator,
  value,
})
const days = (amount: number): object => ({ amount, unit: 'day' })
const last = (amount: number): { readonly within: object } => ({ within: { last: days(amount) } })
const event = (name: string): Leaf => ({ type: 'event', name })
const orders = (field: string, operator: string, value: unknown): Condition & Leaf => ({
  type: 'orders',
  field,
  operator,
  value,
})

const lastMonth = { calendar: 'month', from: -1, to: -1 }

const brazil = attribute('country', 'is', 'BR')
const spendAtLeast500 = metric('totalSpend', 'gte', 500)
const acceptsMarketing = attribute('acceptsMarketing', 'is', true)
const planPro = trait('plan', 'is', 'pro')

export const rules: readonly Rule[] = [
  { name: 'country-is', condition: brazil },
  { name: 'country-in', condition: attribute('country', 'in', ['BR', 'PT', 'AO', 'MZ']) },
  { name: 'not-brazil-or-unknown', condition: attribute('country', 'isNot', 'BR') },
  { name: 'email-contains', condition: attribute('email', 'contains', 'gmail') },
  { name: 'spend-at-least', condition: spendAtLeast500 },
  {
    name: 'loyal-recent',
    condition: { all: [metric('orderCount', 'gte', 3), metric('lastOrderAt', 'inLast', days(90))] },
  },
  {
    name: 'lapsed-gold',
    condition: { all: [metric('tier', 'is', 'gold'), metric('lastOrderAt', 'olderThan', days(180))] },
  },
  { name: 'trait-plan-pro', condition: planPro },
  { name: 'trait-age-over-40', condition: trait('age', 'gt', 40) },
  { name: 'two-of-three', condition: { atLeast: 2, of: [brazil, spendAtLeast500, acceptsMarketing] } },
  { name: 'gross-revenue-90-days', condition: { ...orders('grossRevenue', 'gte', 200), ...last(90) } },
  { name: 'net-revenue-month', condition: { ...orders('revenue', 'gte', 100), within: lastMonth } },
  { name: 'orders-180-days', condition: { ...orders('count', 'gte', 3), ...last(180) } },
  { name: 'no-order-365-days', condition: { not: { ...orders('count', 'gte', 1), ...last(365) } } },
  { name: 'orders-ever', condition: orders('count', 'gte', 5) },
  { name: 'bought-category', condition: { type: 'bought', category: 'Category 7', ...last(90) } },
  { name: 'never-bought-product', condition: { not: { type: 'bought', sku: 'P3' } } },
  {
    name: 'viewed-often-30-days',
    condition: { ...event('Product Viewed'), ...last(30), count: { operator: 'gte', value: 3 } },
  },
  {
    name: 'added-category-90-days',
    condition: {
      ...{ ...event('Product Added'), ...last(90) },
      where: [{ property: 'category', operator: 'is', value: 'Category 7' }],
    },
  },
  {
    name: 'not-completed-180-days',
    condition: { not: { ...event('Order Completed'), ...last(180) } },
  },
  {
    name: 'viewed-then-added',
    condition: {
      ...{ type: 'eventSequence', steps: [{ name: 'Product Viewed' }, { name: 'Product Added' }] },
      ...{ span: { amount: 1, unit: 'day' }, ...last(30) },
    },
  },
  { name: 'consent-revoked', condition: { type: 'consent', purpose: 'marketing', state: 'revoked' } },
  {
    name: 'event-mix',
    condition: {
      all: [
        brazil,
        { ...event('Product Viewed'), ...last(30) },
        { not: { ...event('Order Completed'), ...last(180) } },
        spendAtLeast500,
      ],
    },
  },
  {
    name: 'commerce-mix',
    condition: {
      all: [
        brazil,
        acceptsMarketing,
        { ...orders('grossRevenue', 'gte', 100), ...last(365) },
        { not: { type: 'bought', category: 'Category 7', ...last(90) } },
      ],
    },
  },
  {
    name: 'big-mix',
    condition: {
      all: [
        attribute('status', 'is', 'active'),
        { any: [attribute('country', 'in', ['BR', 'PT']), planPro] },
        { not: metric('totalSpend', 'lt', 100) },
        acceptsMarketing,
      ],
    },
  },
]

/** The hand-written statement, with the token `:now` in it where it needs an instant. */
export function statementOf({ name }: Rule, database: 'sqlite' | 'postgres'): string {
  return readFileSync(new URL(`../sql/${name}.${database}.sql`, import.meta.url), 'utf8')
}
