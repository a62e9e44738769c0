import { eachStorage, type TestResponse } from '@clientele/testing'
import { expect, test } from 'vitest'
import type { Call } from '../isolation/call.ts'
import { operationsOf } from '../isolation/operations.ts'
import { readRows } from '../isolation/rows.ts'
import { dumpRows, openShop, type Shop } from '../isolation/shop.ts'
import { fillTenant, type Tenant } from '../isolation/tenants.ts'
import { writesOf } from '../isolation/writes.ts'

const TENANT: Tenant = 'tenant-a'

eachStorage((storage) => {
  test('every route that takes an Idempotency-Key runs once in a transaction, and is answered the same again', async () => {
    const shop = await openShop(storage)
    await fillTenant(shop, TENANT)
    const rows = await readRows(shop)
    // What differs between databases is in few places, and each look at all rows costs most.
    const isAsked = (place: number): boolean => storage === 'sqlite' || place % 3 === 0
    const calls = operationsOf(shop)
      .filter(({ parameters }) => parameters.some(({ name }) => name === 'Idempotency-Key'))
      .flatMap((operation) => writesOf(operation, TENANT, rows))
      .filter((_, place) => isAsked(place))
    const wrong: string[] = []
    let repeated = 0
    for (const [turn, call] of calls.entries()) {
      const first = await send(shop, call, turn)
      const after = await dumpRows(shop, { of: TENANT })
      const second = await send(shop, call, turn)
      const name = `${call.method} ${call.path}: ${first.status} ${first.text.slice(0, 300)}`
      if (first.json?.code === 'http.idempotency_unsupported')
        wrong.push(`${name}: say idempotency: 'ignored'`)
      if (first.status >= 300) continue
      repeated++
      if (second.status !== first.status || second.text !== first.text)
        wrong.push(`${name}: again ${second.status} ${second.text.slice(0, 300)}`)
      if ((await dumpRows(shop, { of: TENANT })) !== after) wrong.push(`${name}: the repetition wrote`)
    }
    console.log(`${storage}: ${calls.length} requests with a key, ${repeated} carried out and repeated`)
    expect(wrong).toEqual([])
    expect(new Set(calls.map(({ route }) => route)).size).toBeGreaterThan(30)
    expect(repeated).toBeGreaterThan(50)
  }, 180_000)
})

function send(shop: Shop, { method, path, body }: Call, turn: number): Promise<TestResponse> {
  shop.ids.use(`retries ${turn} ${method} ${path}`)
  return shop.test.fetch(path, {
    method,
    as: { tenants: [TENANT] },
    headers: { 'idempotency-key': `key-${turn}` },
    ...(body === undefined ? {} : { body }),
  })
}
