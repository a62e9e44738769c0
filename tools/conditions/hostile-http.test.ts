import { ConditionTypes, createLanguage, evaluateCondition, loadFacts } from '@clientele/conditions'
import { Customer, CustomerEvents, customers } from '@clientele/plugin-customers'
import { segments } from '@clientele/plugin-segments'
import { createTestClientele, eachStorage, seededRandom, type SeededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { isStorable, randomRule, type Rule } from './hostile.fixture.ts'

const NAMES = 10_000
/** Rules of one request. */
const ROUND = 100
/** Customers who are there at once. */
const KEPT = 8
const LONG = process.env['CLIENTELE_LONG'] === '1'
/** Of what a request holds that cannot be: so much is sent again without what was named. */
const REFUSALS = LONG ? ROUND : 1
/** Each so many rounds are saved as a segment, too. */
const SAVED = LONG ? 1 : 4
const EVENT = 'Seen "%$..'

eachStorage((storage) => {
  test(
    `${NAMES} hostile names and values through the API: none fails, none shows a row of somebody else`,
    { timeout: 300_000 },
    async () => {
      const random = seededRandom(20_261_122)
      const t = await createTestClientele({
        storage,
        tenancy: { mode: 'multi', tenants: async () => ['a', 'b'] },
        plugins: [customers(), segments()],
      })
      const { ctx } = t.as({ tenantId: 'a' })
      const language = createLanguage(Customer, ctx.extensions(ConditionTypes))
      const environment = { now: Date.parse(ctx.now()), timeZone: 'UTC', currencyDigits: 2 }
      const send = async (method: string, path: string, body?: unknown, tenant = 'a') => {
        const answer = await t.fetch(path, { method, body, as: { tenants: [tenant] } })
        expect(answer.status, `${method} ${path} ${JSON.stringify(body)}: ${answer.text}`).toBeLessThan(500)
        return answer
      }
      /** Somebody who meets the rules. */
      const arrive = async (tenant: string, rules: readonly HostileRule[]): Promise<string> => {
        const traits = rules.filter(({ of }) => of === 'trait').map(({ name, trait }) => [name, trait])
        const body = { traits: Object.fromEntries(traits) as unknown }
        const { status, json } = await send('POST', '/api/v1/customers', body, tenant)
        expect(status).toBe(201)
        const customerId = json.id as string
        const seen = rules.filter(({ of }) => of === 'event').map(({ name, trait }) => [name, trait])
        const event = { who: { customerId }, name: EVENT, properties: Object.fromEntries(seen) as never }
        await t.as({ tenantId: tenant }).tx((tx) => tx.get(CustomerEvents).track(tx, event))
        return customerId
      }

      const ids: string[] = []
      let [refused, met] = [0, 0]
      for (let asked = 0; asked < NAMES; asked += ROUND) {
        const rules = Array.from({ length: ROUND }, () => hostileRule(random))
        const accepted = rules.filter(({ json }) => isStorable(json))
        refused += ROUND - accepted.length
        // What no database can hold is named, the first of a request first.
        const left = [...rules]
        for (const bad of rules.filter((rule) => !accepted.includes(rule)).slice(0, REFUSALS)) {
          const { status, json } = await send('POST', '/api/v1/segments/preview', anyOf(left))
          const place = left.indexOf(bad)
          expect([status, json.code]).toEqual([400, 'http.invalid_request'])
          expect(json.params.issues[0].path).toMatch(new RegExp(`^condition\\.any\\.${place}\\.`))
          left.splice(place, 1)
        }
        // The same rows for another tenant: whatever reaches over finds some.
        await arrive('b', accepted)
        ids.push(await arrive('a', accepted))
        const { condition } = anyOf(accepted)
        const parsed = language.parse(condition)
        const facts = await loadFacts(ctx, language, parsed, ids, environment)
        const expected = ids.filter((id) => evaluateCondition(language, parsed, facts.get(id)!)).toReversed()
        met += expected.length

        const preview = await send('POST', '/api/v1/segments/preview', { condition, sampleSize: KEPT })
        expect(preview).toMatchObject({ status: 200, json: { count: expected.length } })
        expect(idsOf(preview.json.sample)).toEqual(expected)
        // The earlier have none of the later names.
        if (ids.length >= KEPT) await send('DELETE', `/api/v1/customers/${ids.shift()}`)
        if ((asked / ROUND) % SAVED === 0)
          await expectMembers(
            condition,
            expected.filter((id) => ids.includes(id)),
          )
      }
      expect(refused).toBeGreaterThan(100)
      expect(met).toBeGreaterThan(NAMES / ROUND)

      /** Saves the rules, asks for those who meet them in every way there is, and removes them again. */
      async function expectMembers(condition: object, expected: readonly string[]): Promise<void> {
        const created = await send('POST', '/api/v1/segments', { name: 'Hostile', condition })
        expect(created.status).toBe(201)
        await t.drain()
        const path = `/api/v1/segments/${created.json.id}`
        expect((await send('POST', `${path}/evaluate`)).json).toMatchObject({ count: expected.length })
        const members = await send('GET', `${path}/members?limit=${KEPT}`)
        expect(idsOf(members.json.items).toSorted()).toEqual(expected.toSorted())
        expect((await send('GET', `${path}/explain?customerId=${ids.at(-1)}`)).status).toBe(200)
        expect((await send('GET', path, undefined, 'b')).status).toBe(404)
        expect((await send('DELETE', path)).status).toBeLessThan(300)
      }
    },
  )
})

/** A rule about a trait, or about a property of an event. */
interface HostileRule extends Rule {
  readonly of: 'trait' | 'event'
}

function hostileRule(random: SeededRandom): HostileRule {
  const rule = randomRule(random)
  const { type, name, ...asked } = rule.json as { readonly type: string; readonly name?: string }
  if (type !== 'trait' || random.number() < 0.3) return { ...rule, of: 'trait' }
  return {
    ...rule,
    of: 'event',
    json: { type: 'event', name: EVENT, where: [{ property: name, ...asked }] },
  }
}

function anyOf(rules: readonly Rule[]): { readonly condition: object } {
  return { condition: { any: rules.map(({ json }) => json) } }
}

function idsOf(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id)
}
