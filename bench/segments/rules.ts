import { readFileSync } from 'node:fs'
import type { Condition } from '@clientele/conditions'

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
