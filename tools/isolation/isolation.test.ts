import { postgresTestStorage } from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import { answerTo, comparable } from './call.ts'
import { operationsOf } from './operations.ts'
import { readsOf, sortable } from './reads.ts'
import { readRows, type Rows } from './rows.ts'
import { dumpRows, openShop, type Shop } from './shop.ts'
import { canary, fillTenant, SEED, TENANTS, type Tenant } from './tenants.ts'
import { walk, type Step } from './walk.ts'
import { writesOf } from './writes.ts'

/** Looks at every tenant beside itself alone and on every database, not at one. */
const LONG = process.env['CLIENTELE_LONG'] === '1'
/** One tenant on SQLite: enough to notice a predicate that is gone (`npm run test:isolation:mutate`). */
const SMALL = process.env['CLIENTELE_ISOLATION'] === 'small'
const MAIN: Tenant = 'tenant-b'

/** What the tenants have and the main one was answered, kept for the comparison with PostgreSQL. */
let onSqlite: { readonly rows: Rows; readonly steps: readonly Step[] } | undefined

test('no route shows or changes what is another tenant’s, and all answer as if there were no other', async () => {
  const shop = await filledShop('sqlite', TENANTS)
  const rows = await readRows(shop)
  const answered = new Set<string>()
  for (const tenant of SMALL ? [MAIN] : TENANTS) {
    const depth = tenant === MAIN || LONG ? 'full' : 'plain'
    const steps = await walk(shop, tenant, rows, depth)
    for (const step of steps) {
      expectIsolated(step, tenant)
      if (step.answer.status < 300) answered.add(step.call.route)
    }
    if (depth === 'plain') continue
    if (tenant === MAIN) onSqlite = { rows, steps }
    const alone = await filledShop('sqlite', [tenant])
    expectSameAnswers(steps, await walk(alone, tenant, rows))
    expect(await dumpRows(shop, { of: tenant })).toBe(await dumpRows(alone, { of: tenant }))
  }
  const routes = operationsOf(shop).map(({ route }) => route)
  const missed = routes.filter((route) => !answered.has(route))
  console.log(
    `isolation, seed ${SEED}: ${answered.size} of ${routes.length} routes answered 2xx; not: ${missed.join(', ') || 'none'}`,
  )
  expect(answered.size / routes.length).toBeGreaterThanOrEqual(0.95)
}, 600_000)

test.skipIf(SMALL)(
  'answers are the same on SQLite, on PostgreSQL and with row-level security forced there',
  async () => {
    const { rows, steps } = onSqlite ?? (await walked())
    for (const rls of [false, true]) {
      const own = await postgresTestStorage(inject('postgresUrl'), { rls })
      onTestFinished(() => own.dispose())
      const other = await filledShop(own.storage, TENANTS)
      expect(own.storage.capabilities.rowLevelSecurity).toBe(rls)
      expect(
        await readRows(other).then((known) => TENANTS.map((tenant) => known.of(tenant, 'orders'))),
      ).toEqual(TENANTS.map((tenant) => rows.of(tenant, 'orders')))
      const tenants: readonly Tenant[] = LONG ? TENANTS : [MAIN]
      for (const tenant of tenants) {
        // Where the database itself keeps tenants apart, lists need not be asked in every way once more.
        const depth = rls && !LONG ? 'plain' : 'full'
        const answers = await walk(other, tenant, rows, depth)
        for (const step of answers) expectIsolated(step, tenant)
        const asked = new Set(answers.map(({ name }) => name))
        if (tenant === MAIN)
          expectSameAnswers(
            answers,
            steps.filter(({ name }) => asked.has(name)),
          )
      }
    }
  },
  600_000,
)

test('a cursor of one tenant is refused to another', async () => {
  const shop = await filledShop('sqlite', ['tenant-a', 'tenant-b'])
  const lists = operationsOf(shop).filter(({ path, parameters }) => {
    return !path.includes('{') && parameters.some(({ name }) => name === 'cursor')
  })
  let asked = 0
  for (const list of lists) {
    for (const sort of sortable(list)) {
      const path = `${list.path}?limit=1&sort=${sort}`
      const { json } = await answerTo(shop, 'tenant-a', { method: 'GET', path })
      // One row is one page.
      if (json.nextCursor === null) continue
      asked++
      const given = { method: 'GET', path: `${path}&cursor=${json.nextCursor}` }
      expect(await answerTo(shop, 'tenant-a', given), given.path).toMatchObject({ status: 200 })
      expect(await answerTo(shop, 'tenant-b', given), given.path).toMatchObject({
        status: 400,
        json: { code: 'http.invalid_cursor' },
      })
    }
  }
  expect(asked).toBeGreaterThanOrEqual(20)
})

test('a tenant in the path only chooses among those of the credential, on every route', async () => {
  const shop = await filledShop('sqlite', ['tenant-a', 'tenant-b'])
  const rows = await readRows(shop)
  const before = await dumpRows(shop, { of: 'tenant-b' })
  const under = (tenant: string, path: string): string => path.replace('/api/v1', `/api/v1/tenants/${tenant}`)
  const operations = operationsOf(shop).filter(({ path }) => path.startsWith('/api/v1/'))
  const calls = operations.map((operation) => {
    const all = (operation.method === 'GET' ? readsOf : writesOf)(operation, 'tenant-b', rows)
    return all.find(({ names }) => names === 'own') ?? all[0]!
  })
  for (const call of calls) {
    const stranger = await answerTo(shop, 'tenant-a', { ...call, path: under('tenant-b', call.path) })
    expect(stranger, call.path).toMatchObject({ status: 403, json: { code: 'http.foreign_tenant' } })
  }
  expect(await dumpRows(shop, { of: 'tenant-b' })).toBe(before)
  for (const call of calls.filter(({ method }) => method === 'GET')) {
    const plain = await answerTo(shop, 'tenant-b', call)
    const named = await shop.test.fetch(under('tenant-b', call.path), {
      as: { tenants: ['tenant-a', 'tenant-b'] },
    })
    // What was exported and downloaded is on the record, so that the trail grows by the first of the two.
    if (!/\/sql$|\/audit/.test(call.path)) expect(named.json, call.path).toEqual(plain.json)
  }
})

test('what is there for everyone names no tenant’s row', async () => {
  const shop = await filledShop('sqlite', TENANTS)
  for (const path of ['/openapi.json', '/docs', '/live', '/ready', '/metrics', '/api/v1/nothing']) {
    const { text } = await shop.test.fetch(path, { as: null })
    for (const tenant of TENANTS) expect(text, path).not.toContain(canary(tenant))
  }
})

async function walked(): Promise<NonNullable<typeof onSqlite>> {
  const shop = await filledShop('sqlite', TENANTS)
  const rows = await readRows(shop)
  return { rows, steps: await walk(shop, MAIN, rows) }
}

async function filledShop(
  storage: Parameters<typeof openShop>[0],
  tenants: readonly Tenant[],
): Promise<Shop> {
  const shop = await openShop(storage)
  for (const tenant of tenants) await fillTenant(shop, tenant)
  return shop
}

function expectIsolated({ name, call, answer, touchedOthers }: Step, tenant: Tenant): void {
  expect(touchedOthers, `${name} changed rows of another tenant`).toBe(false)
  const { status, text } = answer
  expect(status, `${name}: ${text}`).toBeLessThan(500)
  if (call.names === 'own') expect(status, `${name}: ${text}`).toBeLessThan(300)
  if (call.names === 'foreign-id') expect(status, name).toBe(404)
  if (call.names === 'foreign-reference') expect([404, 409, 422], `${name}: ${text}`).toContain(status)
  // A problem may repeat what the request said; that it says no more shows beside the tenant alone.
  if (status >= 300) return
  for (const other of TENANTS) {
    if (other !== tenant) expect(text, name).not.toContain(canary(other))
  }
}

function expectSameAnswers(steps: readonly Step[], expected: readonly Step[]): void {
  expect(steps.map(({ name }) => name)).toEqual(expected.map(({ name }) => name))
  for (const [index, { name, call, answer }] of steps.entries())
    expect(comparable(call, answer), name).toEqual(comparable(call, expected[index]!.answer))
}
