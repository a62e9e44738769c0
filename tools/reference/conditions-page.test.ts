import {
  ConditionTypes,
  createLanguage,
  evaluateCondition,
  loadFacts,
  membersQuery,
  rankEverybody,
} from '@clientele/conditions'
import { Customer } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { OPERATOR_WORDS } from './condition-words.ts'
import { conditionsPage, CONDITIONS_PAGE } from './conditions-page.ts'
import { installedTypes, referencePlugins } from './installed-types.ts'

test('the reference says what the condition types say', async () => {
  expect(await readFile(CONDITIONS_PAGE, 'utf8')).toBe(conditionsPage())
})

test('every operator of columns and traits is on the page', () => {
  const page = conditionsPage()
  const operators = installedTypes()
    .filter(({ type }) => type.name === 'trait' || type.name === 'attribute')
    .flatMap(({ type }) => type.editor.fields.flatMap((field) => field.operators))
  for (const operator of new Set(operators)) expect(page, operator).toContain(`\`${operator}\``)
  for (const operator of Object.keys(OPERATOR_WORDS)) expect(operators).toContain(operator)
})

eachStorage((storage) => {
  test('its examples run, in SQL and in memory', { timeout: 120_000 }, async () => {
    const t = await createTestClientele({ storage, plugins: referencePlugins() })
    const { ctx } = t.as()
    const { id } = await ctx.tx((tx) =>
      tx
        .repo(Customer)
        .insert({ email: 'ana@example.com', country: 'BR', traits: { plan: 'pro', birthday: '1990-01-20' } }),
    )
    const language = createLanguage(Customer, ctx.extensions(ConditionTypes))
    const environment = { now: Date.parse(ctx.now()), timeZone: 'Europe/Lisbon', currencyDigits: 2 }
    const page = await readFile(CONDITIONS_PAGE, 'utf8')
    const printed = [...page.matchAll(/```json\n(.*?)```/gs)].map((block) => JSON.parse(block[1]!) as object)
    const examples = installedTypes().flatMap(({ type }) => type.examples ?? [])
    expect(examples.length).toBeGreaterThan(200)
    for (const example of [...printed, ...examples]) {
      const condition = language.parse(example)
      const query = membersQuery(ctx, language, condition, environment).select('customers.id')
      const found = await query.execute()
      const loaded = await loadFacts(ctx, language, condition, [id], environment)
      const facts = rankEverybody(language, condition, loaded)
      expect(found.length === 1, JSON.stringify(example)).toBe(
        evaluateCondition(language, condition, facts.get(id)!),
      )
    }
  })
})
