import {
  answersQuery,
  ConditionTypes,
  createLanguage,
  evaluateCondition,
  loadFacts,
  type Condition,
  type Language,
} from '@clientele/conditions'
import { Customer, customers } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage, seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { isStorable, randomRule, type Rule } from './hostile.fixture.ts'

const NAMES = 10_000
const ROUND = 100
/** Conditions asked in one statement. */
const BATCH = 20

eachStorage((storage) => {
  test(
    `${NAMES} hostile names and values are refused by name or answered`,
    { timeout: 300_000 },
    async () => {
      const random = seededRandom(10_000)
      const t = await createTestClientele({
        storage,
        tenancy: { mode: 'multi', tenants: async () => ['a', 'b'] },
        plugins: [customers()],
      })
      const [{ ctx }, { ctx: foreign }] = [t.as({ tenantId: 'a' }), t.as({ tenantId: 'b' })]
      const language = createLanguage(Customer, ctx.extensions(ConditionTypes))
      const environment = { now: Date.parse(ctx.now()), timeZone: 'UTC', currencyDigits: 2 }
      const ids: string[] = []
      let [answered, refused, met] = [0, 0, 0]
      for (let round = 0; round < NAMES / ROUND; round++) {
        const rules = Array.from({ length: ROUND }, () => randomRule(random))
        const accepted = rules.flatMap((rule) => readOrRefuse(language, rule))
        refused += ROUND - accepted.length
        const traits = Object.fromEntries(accepted.map(({ name, trait }) => [name, trait])) as Record<
          string,
          never
        >
        // The same rows for another tenant: whatever reaches over finds some.
        await foreign.tx((tx) => tx.repo(Customer).insert({ traits }))
        const { id } = await ctx.tx((tx) => tx.repo(Customer).insert({ traits }))
        ids.push(id)
        const conditions = accepted.map(({ condition }) => condition)
        // Of everybody now and then, else of the latest: the earlier have none of these names.
        const among = round % 10 === 0 ? {} : { ids: ids.slice(-10) }
        const known = among.ids ?? ids
        const facts = await loadFacts(ctx, language, { all: conditions }, known, environment)
        for (let from = 0; from < conditions.length; from += BATCH) {
          const batch = conditions.slice(from, from + BATCH)
          const rows = await answersQuery(ctx, language, batch, environment, among).execute()
          expect(rows.map((row) => row.id).toSorted()).toEqual(known.toSorted())
          batch.forEach((condition, place) => {
            const bySql = rows.filter((row) => row[`answer${place}`] === 1).map((row) => row.id)
            const inMemory = known.filter((one) => evaluateCondition(language, condition, facts.get(one)!))
            expect(bySql.toSorted(), JSON.stringify(condition)).toEqual(inMemory.toSorted())
            if (inMemory.includes(id)) met++
            answered++
          })
        }
      }
      expect(answered + refused).toBe(NAMES)
      expect(refused).toBeGreaterThan(100)
      expect(met).toBeGreaterThan(NAMES / 10)
    },
  )
})

interface Accepted extends Rule {
  readonly condition: Condition
}

function readOrRefuse(language: Language, rule: Rule): readonly Accepted[] {
  try {
    return [{ ...rule, condition: language.parse(rule.json) }]
  } catch (error) {
    // Only what no database can hold, and it is said which place that is.
    expect(String(error)).toMatch(/(name|path\.\d|value[.\w]*): must not contain/)
    expect(isStorable(rule.json)).toBe(false)
    return []
  }
}
