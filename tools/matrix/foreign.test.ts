import { postgresTestStorage } from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import { operationsOf } from '../isolation/operations.ts'
import { pathsOf, readsOf } from '../isolation/reads.ts'
import { readRows } from '../isolation/rows.ts'
import { dumpRows, openShop, type Shop } from '../isolation/shop.ts'
import { canary, fillTenant, TENANTS } from '../isolation/tenants.ts'
import { signInAll, TENANT, type Caller } from './callers.fixture.ts'

/** Asks as everybody on PostgreSQL, too. */
const LONG = process.env['CLIENTELE_LONG'] === '1'
const MOST_DIFFERENT = ['super_admin', 'a key']

test.each(['sqlite', 'postgres with row-level security'])(
  'whatever their role, nobody sees or reaches a row of another tenant: on %s',
  async (kind) => {
    const shop = await filledShop(kind)
    const rows = await readRows(shop)
    const all = (await signInAll(shop)).filter(({ isOperator }) => !isOperator)
    const callers = kind === 'sqlite' || LONG ? all : all.filter(({ name }) => MOST_DIFFERENT.includes(name))
    const others = TENANTS.filter((tenant) => tenant !== TENANT)
    const before = await dumpRows(shop, { notOf: TENANT })
    const wrong: string[] = []
    let asked = 0
    for (const operation of operationsOf(shop)) {
      const foreign = pathsOf(operation, TENANT, rows).filter(({ names }) => names === 'foreign-id')
      const own = operation.method === 'GET' ? readsOf(operation, TENANT, rows, 'plain').slice(0, 2) : []
      for (const caller of callers) {
        for (const { path } of [...foreign, ...own.filter(({ names }) => names === 'own')]) {
          asked++
          const { status, text } = await ask(shop, caller, operation.method, path)
          const isForeign = foreign.some((one) => one.path === path)
          const shows = others.find((tenant) => text.includes(canary(tenant)))
          const name = `${caller.name}: ${operation.method} ${path}`
          if (shows) wrong.push(`${name} shows something of ${shows}`)
          // 400: a body that is refused before anything is looked up.
          if (isForeign && ![400, 401, 403, 404].includes(status)) wrong.push(`${name}: ${status}`)
          if (status >= 500) wrong.push(`${name}: ${status}`)
        }
      }
    }
    console.log(`foreign ids: ${asked} requests of ${callers.length} callers, on ${kind}`)
    expect(wrong).toEqual([])
    expect(await dumpRows(shop, { notOf: TENANT })).toBe(before)
    expect(asked).toBeGreaterThan(500)
  },
  600_000,
)

async function filledShop(kind: string): Promise<Shop> {
  if (kind === 'sqlite') return filled(await openShop('sqlite'))
  const own = await postgresTestStorage(inject('postgresUrl'), { rls: true })
  onTestFinished(() => own.dispose())
  return filled(await openShop(own.storage))
}

async function filled(shop: Shop): Promise<Shop> {
  for (const tenant of TENANTS) await fillTenant(shop, tenant)
  return shop
}

function ask(
  shop: Shop,
  { authorization }: Caller,
  method: string,
  path: string,
): ReturnType<Shop['test']['fetch']> {
  return shop.test.fetch(path, {
    as: null,
    method,
    headers: authorization === null ? {} : { authorization },
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: {} }),
  })
}
