import {
  ConditionTypes,
  countQuery,
  createLanguage,
  evaluateCondition,
  loadFacts,
  membersQuery,
  nextChangeAt,
  type Environment,
  type Facts,
} from '@clientele/conditions'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { createTestClientele, eachStorage, seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { populateCommerce, randomCommerceLeaf } from './commerce.fixture.ts'
import { NOWS, ZONES } from './instants.fixture.ts'

const SEED = 20_261_121
const ROUNDS = process.env['CLIENTELE_LONG'] ? 2000 : 80

eachStorage((storage) => {
  test(
    `SQL and the evaluator agree on random questions about orders (seed ${SEED})`,
    { timeout: 600_000 },
    async () => {
      const t = await createTestClientele({
        storage,
        now: new Date(NOWS[0]!).toISOString(),
        plugins: [customers(), inventory(), orders()],
      })
      const random = seededRandom(SEED)
      const { ctx, tx } = t.as()
      const people = await tx((one) => one.repo(Customer).insertMany(Array.from({ length: 60 }, () => ({}))))
      const everybody = people.map((person) => person.id)
      await populateCommerce(ctx, random, everybody)
      await tx((one) => one.repo(Customer).removeMany(everybody.slice(0, 8)))
      const ids = everybody.slice(8)
      const language = createLanguage(Customer, ctx.extensions(ConditionTypes))
      let told = 0
      for (let round = 0; round < ROUNDS; round++) {
        const environment: Environment = {
          now: random.pick(NOWS),
          timeZone: random.pick(ZONES),
          currencyDigits: 2,
        }
        const leaf = language.parse(randomCommerceLeaf(random))
        const condition = random.number() < 0.3 ? { not: leaf } : leaf
        const sentence = JSON.stringify(condition)
        const rows = await membersQuery(ctx, language, condition, environment)
          .select('customers.id')
          .execute()
        const facts = await loadFacts(ctx, language, condition, ids, environment)
        const met = ids.filter((id) => evaluateCondition(language, condition, facts.get(id)!))
        expect(new Set(rows.map((row) => row.id)), sentence).toEqual(new Set(met))
        const [counted] = await countQuery(ctx, language, condition, environment).execute()
        expect(counted?.count, sentence).toBe(met.length)
        const some = ids.filter((_, index) => index % 3 === 0)
        const among = membersQuery(ctx, language, condition, environment, { ids: some })
        const narrowed = (await among.select('customers.id').execute()).map((row) => row.id)
        expect(new Set(narrowed), sentence).toEqual(new Set(met.filter((id) => some.includes(id))))
        for (const one of [...facts.values()].slice(0, 12))
          expectNothingBefore(
            one,
            (at) => evaluateCondition(language, condition, at),
            nextChangeAt(language, condition, one),
            sentence,
          )
        if (met.length > 0 && met.length < ids.length) told++
      }
      // Questions that select everybody or nobody prove little.
      expect(told).toBeGreaterThan(ROUNDS * 0.4)
    },
  )
})

/** Until the promised instant the answer is the same. */
function expectNothingBefore(
  facts: Facts,
  answer: (facts: Facts) => boolean,
  promised: number | null,
  sentence: string,
): void {
  const DAY = 86_400_000
  const end = promised ?? facts.now + 800 * DAY
  expect(end, sentence).toBeGreaterThan(facts.now)
  const probes = [1, DAY / 24, DAY, 7 * DAY, 30 * DAY].map((later) => facts.now + later)
  for (const at of [...probes, end - 1].filter((one) => one < end)) {
    expect(answer({ ...facts, now: at }), `${sentence} at ${new Date(at).toISOString()}`).toBe(answer(facts))
  }
}
