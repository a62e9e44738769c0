import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { dumpRows, openShop, type Shop } from '../isolation/shop.ts'

const as = { tenants: ['tenant-a'] as [string] }

interface BothShops {
  readonly shops: readonly Shop[]
  /** Asks both, which must answer alike and not fail. */
  // `any`: a test reads the fields it is about.
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<any>
}

async function bothShops(): Promise<BothShops> {
  const shops = [await openShop('sqlite'), await openShop('postgres')]
  let turn = 0
  return {
    shops,
    send: async (method, path, body, headers = {}) => {
      turn++
      const answers = []
      for (const shop of shops) {
        shop.ids.use(`turn ${turn}`)
        const { status, json } = await shop.test.fetch(path, { method, headers, body, as })
        answers.push({ status, json: json as unknown })
      }
      const name = `${method} ${path} ${JSON.stringify(body)?.slice(0, 300)}`
      expect(answers[1], name).toEqual(answers[0])
      expect(answers[0]!.status, `${name}: ${JSON.stringify(answers[0])}`).toBeLessThan(500)
      return answers[0]
    },
  }
}

test('a stale version is answered with the current row, and a version that is none is refused', async () => {
  const { send } = await bothShops()
  const created = await send('POST', '/api/v1/customers', { firstName: 'Ana' })
  const path = `/api/v1/customers/${created.json.id}`
  expect((await send('PATCH', path, { firstName: 'Eva' }, { 'if-match': '"1"' })).status).toBe(200)
  for (const method of ['PATCH', 'PUT', 'DELETE']) {
    const body = method === 'DELETE' ? undefined : { firstName: 'Late' }
    const stale = await send(method, path, body, { 'if-match': '"1"' })
    expect(stale).toMatchObject({
      status: 412,
      json: { code: 'entity.stale_version', params: { expected: 1, actual: 2 } },
    })
    if (method !== 'DELETE') expect(stale.json.current).toMatchObject({ firstName: 'Eva', version: 2 })
    for (const version of ['"0"', '"-1"', '"9007199254740993"', '"x"', 'x', '""']) {
      const { status } = await send(method, path, body, { 'if-match': version })
      expect([400, 412], `${method} ${version}`).toContain(status)
    }
  }
  expect((await send('GET', path)).json).toMatchObject({ firstName: 'Eva', version: 2 })
})

test('numbers of JSON come back as they were sent or are refused', async () => {
  const { send } = await bothShops()
  const written = [
    '0',
    '-0',
    '1e2',
    '0.1',
    '1e-7',
    '5e-324',
    '1.7976931348623157e308',
    '-1e300',
    '9007199254740991',
  ]
  for (const number of written) {
    const { status, json } = await send(
      'POST',
      '/api/v1/customers',
      `{"traits":{"n":${number},"list":[${number}]}}`,
    )
    expect([number, status]).toEqual([number, 201])
    const { json: read } = await send('GET', `/api/v1/customers/${json.id}`)
    expect(Number(number) === read.traits.n, `${number} came back as ${read.traits.n}`).toBe(true)
    expect(read.traits.list).toEqual(read.traits.list.map(() => read.traits.n))
  }
  // JSON.parse makes Infinity of it, which no JSON can say.
  expect((await send('POST', '/api/v1/customers', '{"traits":{"n":1e400}}')).status).toBe(400)
})

test('money beyond what can be counted exactly is refused, and nothing of it stays', async () => {
  const { send, shops } = await bothShops()
  const line = { sku: 'X', name: 'X' }
  const most = { amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' }
  const before = await Promise.all(shops.map((shop) => dumpRows(shop, { of: 'tenant-a' })))
  for (const lines of [
    [{ ...line, quantity: 1_000_000, unitPrice: most }],
    [{ ...line, quantity: 2, unitPrice: most }],
    [
      { ...line, quantity: 1, unitPrice: most },
      { ...line, quantity: 1, unitPrice: most },
    ],
    [{ ...line, quantity: 1, unitPrice: { amount: 2 ** 53, currency: 'EUR' } }],
    [{ ...line, quantity: 1, unitPrice: { amount: 1.5, currency: 'EUR' } }],
    [{ ...line, quantity: 1, unitPrice: { amount: 1, currency: 'eur' } }],
  ]) {
    const { status } = await send('POST', '/api/v1/orders', { state: 'paid', lines })
    expect(status, JSON.stringify(lines)).toBeGreaterThanOrEqual(400)
  }
  expect(await Promise.all(shops.map((shop) => dumpRows(shop, { of: 'tenant-a' })))).toEqual(before)
})

test('the largest amounts are counted exactly, and larger ones refused', async () => {
  const { send } = await bothShops()
  const { json: customer } = await send('POST', '/api/v1/customers', {})
  const orderOf = (amount: number): object => ({
    customerId: customer.id,
    state: 'paid',
    lines: [{ sku: 'X', name: 'X', quantity: 1, unitPrice: { amount, currency: 'EUR' } }],
  })
  expect((await send('POST', '/api/v1/orders', orderOf(Number.MAX_SAFE_INTEGER))).status).toBe(422)
  for (let turn = 0; turn < 3; turn++) {
    expect((await send('POST', '/api/v1/orders', orderOf(10_000_000_000_000))).status).toBe(201)
  }
  for (const path of ['dashboard', 'top-products', `customers/${customer.id}/metrics`]) {
    expect((await send('GET', `/api/v1/metrics/${path}`)).status, path).toBe(200)
  }
})

test('deep, wide and oddly named traits come back as they were sent', async () => {
  const { send } = await bothShops()
  let deep: unknown = 'end'
  for (let level = 0; level < 90; level++) deep = level % 2 ? [deep] : { deep }
  const names = [
    'constructor',
    'prototype',
    'toString',
    '"',
    "'",
    '\\',
    'a.b',
    '$',
    '🦊',
    ' ',
    'é',
    'e\u0301',
    '\u202e',
  ]
  const values = [
    { deep },
    Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`trait ${n}`, n])),
    Object.fromEntries(names.map((name) => [name, { [name]: name }])),
    { list: [null, true, [], {}, '', 0] },
  ]
  for (const traits of values) {
    const { status, json } = await send('POST', '/api/v1/customers', { traits })
    expect(status).toBe(201)
    const { json: read } = await send('GET', `/api/v1/customers/${json.id}`)
    expect(isDeepStrictEqual(read.traits, traits)).toBe(true)
  }
  const refused = [{ '': 1 }, { ['x'.repeat(101)]: 1 }]
  for (const traits of refused) expect((await send('POST', '/api/v1/customers', { traits })).status).toBe(400)
})
