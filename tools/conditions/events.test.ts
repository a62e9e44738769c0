import {
  ConditionTypes,
  createLanguage,
  evaluateCondition,
  explainCondition,
  loadFacts,
  membersQuery,
  nextChangeAt,
  type Condition,
  type Environment,
} from '@clientele/conditions'
import { toTimestamp } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage, seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { populateConsents, randomConsentsLeaf } from './consents.fixture.ts'
import { populateEvents, randomEventsLeaf } from './events.fixture.ts'
import { NOWS, ZONES } from './instants.fixture.ts'

const ROUNDS = process.env['CLIENTELE_LONG'] === '1' ? 5000 : 80

eachStorage((storage) => {
  test(
    'asked of some customers only, and asked again later, SQL still agrees',
    { timeout: 600_000 },
    async () => {
      const shop = await createTestClientele({ storage, now: toTimestamp(NOWS[0]!), plugins: [customers()] })
      const { ctx } = shop.as()
      const random = seededRandom(20_261_121)
      const rows = await ctx.tx((t) => t.repo(Customer).insertMany(Array.from({ length: 90 }, () => ({}))))
      const ids = rows.map(({ id }) => id)
      await populateEvents(ctx, random, ids)
      await populateConsents(ctx, random, ids)
      const language = createLanguage(Customer, ctx.extensions(ConditionTypes))
      const askSql = async (condition: Condition, at: Environment, some?: readonly string[]) => {
        const query = membersQuery(ctx, language, condition, at, some ? { ids: some } : {})
        return new Set((await query.select('customers.id').execute()).map(({ id }) => id as string))
      }
      let telling = 0
      for (let round = 0; round < ROUNDS; round++) {
        const environment = { now: random.pick(NOWS), timeZone: random.pick(ZONES), currencyDigits: 2 }
        const leaf = language.parse(random.pick([randomEventsLeaf, randomConsentsLeaf])(random))
        const condition = shaped(leaf, round, () => language.parse(randomEventsLeaf(random)))
        const what = JSON.stringify({ condition, environment })
        const facts = await loadFacts(ctx, language, condition, ids, environment)
        // Beside another question, which may share what is read, and no more of it than decides.
        const beside: Condition = { any: [condition, language.parse(randomEventsLeaf(random))] }
        const brief = await loadFacts(ctx, language, beside, ids, environment, { brief: true })
        const met = ids.filter((id) => evaluateCondition(language, condition, facts.get(id)!))
        const some = ids.filter((_, place) => place % 3 === round % 3)
        expect(await askSql(condition, environment, some), what).toEqual(
          new Set(met.filter((id) => some.includes(id))),
        )
        const then = {
          ...environment,
          now: environment.now + random.pick([1, 60_001, 144_000_000, 691_200_001]),
        }
        const later = await askSql(condition, then)
        for (const id of ids) {
          const few = brief.get(id)!
          expect(evaluateCondition(language, condition, few), `${what} ${id}, briefly`).toBe(met.includes(id))
          const changes = [facts.get(id)!, few].map((own) => nextChangeAt(language, condition, own))
          // Before the promised instant the answer is that of now.
          if (changes.every((change) => change !== null && change <= then.now)) continue
          expect(later.has(id), `${what} ${id} at ${then.now}`).toBe(met.includes(id))
        }
        expect(explainCondition(language, condition, facts.get(ids[0]!)!).met).toBe(met.includes(ids[0]!))
        if (met.length > 0 && met.length < ids.length) telling++
      }
      // Questions that all or none meet prove little.
      expect(telling).toBeGreaterThan(ROUNDS / 3)
    },
  )
})

/** Now and then one that looks up so many sets that no database should join them. */
function shaped(leaf: Condition, round: number, another: () => Condition): Condition {
  if (round % 8 === 7) return { all: [leaf, { any: Array.from({ length: 24 }, another) }] }
  return round % 3 === 0 ? { not: leaf } : leaf
}
