import {
  ConditionTypes,
  countQuery,
  createLanguage,
  evaluateCondition,
  loadFacts,
  membersQuery,
  type Condition,
  type ConditionType,
  type Leaf,
} from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { createTestClientele, eachStorage, seededRandom, type SeededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { segments } from '../segments.plugin.ts'

const NOW = '2026-03-08T12:00:00.000Z'
const environment = { now: Date.parse(NOW), currencyDigits: 2, timeZone: 'UTC' }

/** Small sets, so that rules and rows meet often; with what breaks naive comparisons. */
const TEXTS = [
  '',
  'a',
  'A',
  'ana',
  'ANA%',
  'São Paulo',
  'sao_paulo',
  'İstanbul',
  'ß',
  '*',
  '?',
  '\\',
  '10',
  'null',
  '日本',
  '[1,"a"]',
  '{"nested":true}',
]
const NUMBERS = [0, -1, 1, 2, 9.99, 10, 499.99, 500, 500.01, 1e6]
const INSTANTS = [
  '2026-03-08T12:00:00.000Z',
  '2026-03-01T12:00:00.000Z',
  '2026-03-01T11:59:59.999Z',
  '2025-03-09T07:00:00.000Z',
  '2030-01-01T00:00:00.000Z',
]
const TRAITS = ['plan', 'age', 'vip', 'quo"te', "apo'strophe", 'a.b', 'missing']

eachStorage((storage) => {
  test('SQL and the evaluator agree on 500 random rules over 200 random customers', async () => {
    const t = await createTestClientele({
      storage,
      now: NOW,
      plugins: [customers(), inventory(), orders(), segments()],
    })
    const random = seededRandom(20_260_308)
    const { ctx } = t.as()
    const [removed, ids] = parted(await populate(ctx, random, 240), 40)
    await ctx.tx((t) => t.repo(Customer).removeMany(removed))
    // Questions about orders have a test of their own, where metrics are what the orders add up to.
    const types = ctx
      .extensions(ConditionTypes)
      .filter(({ name }) => ['attribute', 'trait', 'metric'].includes(name))
    const language = createLanguage(Customer, types)
    let matched = 0
    for (let round = 0; round < 500; round++) {
      const condition = language.parse(randomCondition(random, types, 4))
      const rows = await membersQuery(ctx, language, condition, environment).select('customers.id').execute()
      const bySql = rows.map((row) => row.id)
      const facts = await loadFacts(ctx, language, condition, ids, environment)
      const inMemory = ids.filter((id) => evaluateCondition(language, condition, facts.get(id)!))
      expect(new Set(bySql), JSON.stringify(condition)).toEqual(new Set(inMemory))
      const [counted] = await countQuery(ctx, language, condition, environment).execute()
      expect(counted?.count, JSON.stringify(condition)).toBe(inMemory.length)
      if (bySql.length > 0 && bySql.length < ids.length) matched++
    }
    // Rules that select everybody or nobody prove little.
    expect(matched).toBeGreaterThan(150)
  })
})

function parted<T>(list: readonly T[], at: number): [readonly T[], readonly T[]] {
  return [list.slice(0, at), list.slice(at)]
}

async function populate(ctx: Ctx, random: SeededRandom, count: number): Promise<string[]> {
  return ctx.tx(async (t) => {
    const rows = await t.repo(Customer).insertMany(
      Array.from({ length: count }, () => ({
        firstName: random.maybe(() => random.pick(TEXTS)),
        country: random.maybe(() => random.pick(TEXTS)),
        acceptsMarketing: random.number() < 0.5,
        status: random.pick(['active', 'archived'] as const),
        traits: Object.fromEntries(
          TRAITS.slice(0, -1).flatMap((name) => (random.number() < 0.6 ? [[name, randomTrait(random)]] : [])),
        ),
      })),
    )
    for (const { id } of rows) {
      await t.projection('the test writes metrics of its own', (db) =>
        db
          .updateTable('customerMetrics')
          .set({
            orderCount: Math.floor(random.number() * 5),
            totalSpend: Math.round(random.pick(NUMBERS) * 100),
            firstOrderAt: random.maybe(() => random.pick(INSTANTS)),
            lastOrderAt: random.maybe(() => random.pick(INSTANTS)),
            tier: random.maybe(() => random.pick(['gold', 'silver'])),
          })
          .where('id', '=', id)
          .execute(),
      )
    }
    return rows.map(({ id }) => id)
  })
}

function randomTrait(random: SeededRandom): unknown {
  return random.pick<() => unknown>([
    () => random.pick(TEXTS),
    () => random.pick(NUMBERS),
    () => random.number() < 0.5,
    () => null,
    () => [1, 'a'],
    () => ({ nested: true }),
  ])()
}

function randomCondition(random: SeededRandom, types: readonly ConditionType[], depth: number): Condition {
  if (depth === 0 || random.number() < 0.4) return randomLeaf(random, types)
  const parts = Array.from({ length: 1 + Math.floor(random.number() * 3) }, () =>
    randomCondition(random, types, depth - 1),
  )
  return random.pick<() => Condition>([
    () => ({ all: parts }),
    () => ({ any: parts }),
    () => ({ not: parts[0]! }),
    () => ({ atLeast: 1 + Math.floor(random.number() * parts.length), of: parts }),
  ])()
}

function randomLeaf(random: SeededRandom, types: readonly ConditionType[]): Leaf {
  const type = random.pick(types.filter((one) => one.scope === 'customer'))
  const field = random.pick(type.editor.fields)
  const operator = random.pick(field.operators)
  const named = type.name === 'trait' ? { name: random.pick(TRAITS) } : { field: field.name }
  const value = randomValue(random, field.kind, operator, field.values)
  return { type: type.name, ...named, operator, ...(value === undefined ? {} : { value }) }
}

function randomValue(
  random: SeededRandom,
  kind: string,
  operator: string,
  values: readonly string[] = [],
): unknown {
  if (operator === 'isSet' || operator === 'isNotSet') return undefined
  if (operator === 'inLast' || operator === 'notInLast' || operator === 'olderThan') {
    return {
      amount: 1 + Math.floor(random.number() * 400),
      unit: random.pick(['minute', 'hour', 'day', 'week']),
    }
  }
  const one = (): unknown => {
    if (kind === 'boolean') return random.number() < 0.5
    if (kind === 'enum') return random.pick(values)
    if (kind === 'timestamp') return random.pick(INSTANTS)
    if (kind === 'integer') return Math.floor(random.number() * 5)
    return kind === 'text' ? random.pick(TEXTS) : random.pick(NUMBERS)
  }
  if (operator === 'between') return [one(), one()]
  return operator === 'in' || operator === 'notIn' ? [one(), one(), one()] : one()
}
