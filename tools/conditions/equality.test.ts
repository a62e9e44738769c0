import {
  answersQuery,
  ConditionTypes,
  countQuery,
  createLanguage,
  dependenciesOf,
  evaluateCondition,
  isTimed,
  loadFacts,
  membersQuery,
  nextChangeAt,
  rankEverybody,
  type Collection,
  type Condition,
  type Environment,
  type Facts,
  type Language,
} from '@clientele/conditions'
import type { Ctx, Storage } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import {
  createTestClientele,
  eachStorage,
  postgresTestStorage,
  seededRandom,
  type SeededRandom,
  type TestStorage,
} from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import { populateCustomers } from './attributes.fixture.ts'
import { icuDatabase } from './icu-database.fixture.ts'
import { NOWS, ZONES } from './instants.fixture.ts'
import { FAMILIES, randomCondition } from './random-condition.fixture.ts'

const DAY = 86_400_000
const LONG = process.env['CLIENTELE_LONG'] === '1'
/** Conditions asked of each database; each is asked of every customer. */
const CASES = LONG ? 50_000 : 2000
const ICU_CASES = LONG ? 10_000 : 1000
const SLOW = { timeout: LONG ? 7_200_000 : 600_000 }
/** Conditions whose facts are read together. */
const ROUND = 20

interface Population {
  readonly ctx: Ctx
  readonly ids: readonly string[]
  readonly language: Language
}

eachStorage((storage) => {
  test(`SQL and the evaluator agree on ${CASES} random rules`, SLOW, async () => {
    const population = await populate(storage, seededRandom(20_260_308))
    const decided = await compare(population, seededRandom(LONG ? Math.floor(NOWS[0]! / 7) : 42), CASES)
    // Rules that select everybody or nobody prove little.
    expect(decided).toBeGreaterThan(CASES * 0.2)
  })
})

test('a database that sorts by the rules of a language agrees as well', SLOW, async () => {
  const own = await postgresTestStorage(await icuDatabase(inject('postgresUrl')))
  onTestFinished(() => own.dispose())
  const population = await populate(own.storage, seededRandom(7))
  expect(await compare(population, seededRandom(8), ICU_CASES)).toBeGreaterThan(ICU_CASES * 0.2)
})

async function populate(storage: TestStorage | Storage, random: SeededRandom): Promise<Population> {
  const t = await createTestClientele({
    storage,
    now: new Date(NOWS[0]!).toISOString(),
    plugins: [customers(), inventory(), orders(), segments()],
  })
  const { ctx } = t.as()
  const all = await populateCustomers(ctx, random, 72)
  for (const family of FAMILIES) await family.populate?.(ctx, random, all)
  const [removed, ids] = [all.slice(0, 12), all.slice(12)]
  await ctx.tx((tx) => tx.repo(Customer).removeMany(removed))
  return { ctx, ids, language: createLanguage(Customer, ctx.extensions(ConditionTypes)) }
}

/** Asks so many random conditions both ways; answers how many told customers apart. */
async function compare(
  { ctx, ids, language }: Population,
  random: SeededRandom,
  cases: number,
): Promise<number> {
  let decided = 0
  for (let asked = 0; asked < cases; asked += ROUND) {
    const each = asked / ROUND
    if (LONG && asked % 1000 === 0)
      console.log(`${asked} of ${cases} rules agree, ${decided} told customers apart`)
    const environment: Environment = {
      now: random.pick(NOWS),
      timeZone: random.pick(ZONES),
      currencyDigits: 2,
    }
    const conditions = Array.from({ length: ROUND }, () =>
      language.parse(randomCondition(random, () => random.pick(FAMILIES).leaf(random), 3)),
    )
    const loaded = await loadFacts(ctx, language, { all: conditions }, ids, environment)
    // The customers are all that there are.
    const facts = rankEverybody(language, { all: conditions }, loaded)
    const answers = await answersQuery(ctx, language, conditions, environment, {}).execute()
    for (const [place, condition] of conditions.entries()) {
      const shown = JSON.stringify({ condition, environment })
      const inMemory = ids.filter((id) => evaluateCondition(language, condition, facts.get(id)!))
      const bySql = answers.filter((answer) => answer[`answer${place}`] === 1).map(({ id }) => id)
      expect(new Set(bySql), shown).toEqual(new Set(inMemory))
      if (place % 5 === each % 5) await compareMembers({ ctx, language, condition, environment }, inMemory)
      if (inMemory.length > 0 && inMemory.length < ids.length) decided++
      for (let probe = 0; probe < 3; probe++) {
        const own = facts.get(random.pick(ids))!
        expectToStay(language, condition, own, random)
        // An answer reads nothing that it does not say it hangs on.
        expect(
          evaluateCondition(language, condition, guarded(own, dependenciesOf(language, condition))),
        ).toBe(evaluateCondition(language, condition, own))
      }
    }
  }
  return decided
}

/** As a predicate of a statement of its own, and counted, the condition answers the same. */
async function compareMembers(
  { ctx, language, condition, environment }: Asked,
  expected: readonly string[],
): Promise<void> {
  const shown = JSON.stringify({ condition, environment })
  const rows = await membersQuery(ctx, language, condition, environment).select('customers.id').execute()
  expect(new Set(rows.map((row) => row.id)), shown).toEqual(new Set(expected))
  const [counted] = await countQuery(ctx, language, condition, environment).execute()
  expect(counted?.count, shown).toBe(expected.length)
}

interface Asked {
  readonly ctx: Ctx
  readonly language: Language
  readonly condition: Condition
  readonly environment: Environment
}

/** Until the instant that is promised, no time brings another answer. */
function expectToStay(language: Language, condition: Condition, facts: Facts, random: SeededRandom): void {
  const met = evaluateCondition(language, condition, facts)
  const next = nextChangeAt(language, condition, facts)
  if (next !== null) {
    expect(next, JSON.stringify(condition)).toBeGreaterThan(facts.now)
    // Time alone changes only what says so; else something that is known already has yet to happen.
    if (!isTimed(language, condition))
      expect(nextChangeAt(language, condition, happened(facts)), JSON.stringify(condition)).toBe(null)
  }
  const until = next ?? facts.now + 3 * 365 * DAY
  const between = (): number => Math.floor(facts.now + random.number() * (until - facts.now))
  for (const now of [facts.now + 1, until - 1, between(), between(), between()]) {
    if (now < facts.now || now >= until) continue
    const then = evaluateCondition(language, condition, { ...facts, now })
    expect(
      then,
      `${JSON.stringify(condition)} at ${new Date(now).toISOString()}, asked ${new Date(facts.now).toISOString()} in ${facts.timeZone}`,
    ).toBe(met)
  }
}

/** The same facts without what is dated after now, which is announced when it happens. */
function happened(facts: Facts): Facts {
  return {
    ...facts,
    rows: <R>(collection: Collection<R>) =>
      facts.rows(collection).filter((row) => {
        const { at, placedAt, refundedAt } = row as Partial<Record<string, string | number>>
        const dated = at ?? placedAt ?? refundedAt
        if (dated === undefined) return true
        return (typeof dated === 'number' ? dated : Date.parse(dated)) <= facts.now
      }),
  }
}

/** The same facts, whose rows refuse to show what the condition did not say it reads. */
function guarded(facts: Facts, dependencies: ReadonlySet<string>): Facts {
  const known = [...dependencies]
  return {
    ...facts,
    row: (entity) =>
      new Proxy(facts.row(entity), {
        get(row, property) {
          const key = `${entity.name}.${String(property)}`
          const declared = known.some(
            (one) => one === '*' || one === key || one === `${entity.name}.*` || one.startsWith(`${key}.`),
          )
          if (!declared && property in row) throw new Error(`reads ${key}, which dependsOn() leaves out`)
          return Reflect.get(row, property) as unknown
        },
      }),
  }
}
