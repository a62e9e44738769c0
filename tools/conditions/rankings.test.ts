import {
  ConditionTypes,
  createLanguage,
  loadFacts,
  membersQuery,
  rankedLeaves,
  rankEverybody,
  standingQuery,
  type Condition,
  type Environment,
  type PercentileLeaf,
} from '@clientele/conditions'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { createTestClientele, eachStorage, seededRandom, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { populateCustomers } from './attributes.fixture.ts'
import { populateCommerce } from './commerce.fixture.ts'
import { populateEvents } from './events.fixture.ts'
import { NOWS } from './instants.fixture.ts'
import { randomRankingLeaf } from './rankings.fixture.ts'

const SEED = 20_261_122
const ROUNDS = process.env['CLIENTELE_LONG'] === '1' ? 2000 : 60

eachStorage((storage) => {
  test(`whoever ranks has a place, and places add up (seed ${SEED})`, { timeout: 600_000 }, async () => {
    const { ctx, ids, language, members, environment, random } = await shop(storage)
    let told = 0
    for (let round = 0; round < ROUNDS; round++) {
      const leaf = language.parse(randomRankingLeaf(random)) as PercentileLeaf
      const shown = JSON.stringify(leaf)
      const { by } = leaf
      const ranked = await members({ type: 'percentile', by, from: 0, to: 100 })
      // Ranges that follow each other share nobody and leave nobody out.
      const parts = [0, 12.5, 33.33, 50, 99.99, 100]
      const ranges = await Promise.all(
        parts.slice(1).map((to, index) => members({ type: 'percentile', by, from: parts[index]!, to })),
      )
      expect(ranges.flat().toSorted(), shown).toEqual(ranked.toSorted())
      // The first half from above and from below are all, and nobody twice.
      const half = Math.ceil(ranked.length / 2)
      if (half > 0) {
        const first = await members({ type: 'top', by, count: half, direction: 'highest' })
        expect(first.length, shown).toBe(half)
        const from = (100 * (ranked.length - half)) / ranked.length
        if (Number.isInteger(from * 100))
          expect((await members({ type: 'percentile', by, from, to: 100 })).toSorted()).toEqual(
            first.toSorted(),
          )
      }
      // Where one customer stands is the same by SQL and in memory.
      const facts = rankEverybody(language, leaf, await loadFacts(ctx, language, leaf, ids, environment))
      const asked = random.pick(ids)
      const [one] = rankedLeaves(language, leaf)
      const [standing] = await ctx.population.run(standingQuery(ctx, language, one!, environment, asked))
      expect(standing, shown).toEqual(facts.get(asked)!.standing!(leaf))
      if (ranked.length > 1) told++
    }
    expect(told).toBeGreaterThan(ROUNDS * 0.3)
  })
})

async function shop(storage: TestStorage) {
  const t = await createTestClientele({
    storage,
    now: new Date(NOWS[0]!).toISOString(),
    plugins: [customers(), inventory(), orders()],
  })
  const random = seededRandom(SEED)
  const { ctx } = t.as()
  const all = await populateCustomers(ctx, random, 40)
  await populateEvents(ctx, random, all)
  await populateCommerce(ctx, random, all)
  await ctx.tx((tx) => tx.repo(Customer).removeMany(all.slice(0, 8)))
  const language = createLanguage(Customer, ctx.extensions(ConditionTypes))
  const environment: Environment = { now: NOWS[0]!, timeZone: 'Europe/Lisbon', currencyDigits: 2 }
  const members = async (condition: Condition): Promise<string[]> => {
    const rows = await membersQuery(ctx, language, language.parse(condition), environment)
      .select('customers.id')
      .execute()
    return rows.map(({ id }) => id as string)
  }
  return { ctx, ids: all.slice(8), language, members, environment, random }
}
