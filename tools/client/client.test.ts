import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, type Client, type ClientOptions } from '@clientele/core/client'
import { eachStorage, testToken, type TestClientele } from '@clientele/testing'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { openShop, type plugins } from '../isolation/shop.ts'

type Shop = TestClientele<typeof plugins>['cdp']

/** The shop mounted at a path of a server of its own, below a body parser as a host may have one. */
async function mounted(cdp: Shop, path: string): Promise<string> {
  const server = createServer(express().use(path, cdp.router()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve).closeAllConnections())
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path === '/' ? '' : path}`
}

async function shopClient(
  storage: 'sqlite' | 'postgres',
  path: string,
  more: Partial<ClientOptions> = {},
): Promise<Client<Shop> & { readonly cdp: Shop }> {
  const { cdp } = (await openShop(storage)).test
  const headers = { authorization: testToken({ tenants: ['tenant-a', 'tenant-b'] }) }
  const baseUrl = await mounted(cdp, path)
  return { ...createClient<Shop>({ baseUrl, headers, tenantId: 'tenant-a', ...more }), cdp }
}

for (const path of ['/', '/cdp']) {
  eachStorage((storage) => {
    test(`below ${path} every call of an entity answers as in process`, async () => {
      const { api, cdp } = await shopClient(storage, path)
      const inProcess = cdp.as({ tenantId: 'tenant-a' }).api
      const ana = await api.customers.create({ body: { email: 'ana@example.com', traits: { São: [1] } } })
      expect(await inProcess.customers.get({ params: { id: ana.id } })).toMatchObject(ana)
      const params = { id: ana.id }
      const renamed = await api.customers.update(
        { params, body: { lastName: 'Reis' } },
        { ifMatch: ana.version },
      )
      expect(renamed).toMatchObject({ version: 2, lastName: 'Reis', traits: { São: [1] } })
      const replaced = await api.customers.replace({ params, body: { firstName: 'Ana' } })
      expect(replaced).toMatchObject({ version: 3, firstName: 'Ana', lastName: null, email: null })
      expect(await api.customers.get({ params })).toEqual(await inProcess.customers.get({ params }))
      for (const query of [
        {},
        { 'id.in': [ana.id] },
        {
          status: 'active',
          'createdAt.gte': '2026-01-01T00:00:00Z',
          sort: '-createdAt',
          limit: 1,
          count: 'exact',
        },
        { 'metrics.totalSpend.gte': 0 },
        { 'firstName.isNull': true },
      ] as const) {
        expect(await api.customers.list({ query })).toEqual(await inProcess.customers.list({ query }))
      }
      expect(await api.customers.details({ params })).toMatchObject({ customer: { id: ana.id } })
      expect(await api.customers.remove({ params })).toBeUndefined()
      await expect(api.customers.get({ params })).rejects.toMatchObject({
        status: 404,
        code: 'entity.not_found',
      })
      expect(await api.customers.restore({ params })).toMatchObject({ version: 5, deletedAt: null })
    })
  })
}

test('the calls of every plugin are there, with what they are called', async () => {
  const { api } = await shopClient('sqlite', '/cdp')
  const cup = await api.inventory.createProduct({
    body: { sku: 'CUP', name: 'Cup', price: { amount: 1250, currency: 'EUR' } },
  })
  await api.inventory.adjust({ params: { id: cup.id }, body: { delta: 40, reason: 'received' } })
  expect((await api.inventory.list({ query: { lowStock: false } })).items).toMatchObject([{ quantity: 40 }])
  const { order } = await api.orders.create({ body: { lines: [{ productId: cup.id, quantity: 2 }] } })
  expect(await api.orders.pay({ params: { id: order.id } })).toMatchObject({ state: 'paid' })
  expect(await api.orders.tabs()).toMatchObject({ all: 1, paid: 1 })
  const condition = { all: [] }
  expect(await api.segments.create({ body: { name: 'All', condition } })).toMatchObject({ condition })
  await api.core.updateSettings({ params: { name: 'inventory' }, body: { lowStockAt: 50 } })
  expect(await api.core.getSettings({ params: { name: 'inventory' } })).toMatchObject({
    value: { lowStockAt: 50 },
  })
})

test('a stale version is refused with the row as it is now, a wrong field is named', async () => {
  const { api } = await shopClient('sqlite', '/')
  const { id, version } = await api.customers.create({ body: {} })
  await api.customers.update({ params: { id }, body: { firstName: 'Ana' } })
  const stale = api.customers.update({ params: { id }, body: {} }, { ifMatch: version })
  await expect(stale).rejects.toMatchObject({
    status: 412,
    code: 'entity.stale_version',
    current: { id, version: 2, firstName: 'Ana' },
    requestId: expect.any(String),
  })
  await expect(api.customers.create({ body: { email: 'x' } })).rejects.toMatchObject({
    status: 400,
    issues: [{ path: 'email', message: expect.any(String) }],
  })
})

test('a call acts in the tenant it names', async () => {
  const { api } = await shopClient('sqlite', '/cdp')
  const { id } = await api.customers.create({ body: {} }, { tenantId: 'tenant-b' })
  await expect(api.customers.get({ params: { id } })).rejects.toMatchObject({ code: 'entity.not_found' })
  expect((await api.customers.get({ params: { id } }, { tenantId: 'tenant-b' })).id).toBe(id)
  await expect(api.customers.list({}, { tenantId: 'tenant-c' })).rejects.toMatchObject({ status: 403 })
})

eachStorage((storage) => {
  test('live updates tell a client of what others write, across connections', async () => {
    const { api, live } = await shopClient(storage, '/cdp')
    const told: string[] = []
    let lastEventId: string | undefined
    const listen = async (count: number): Promise<void> => {
      for await (const event of live({ entities: ['customers'], ...(lastEventId ? { lastEventId } : {}) })) {
        if (event.type === 'hello' && told.length === 0) await api.customers.create({ body: {} })
        if (event.type === 'change') told.push(`${event.data.entity} ${event.data.kind} ${event.data.count}`)
        if ('id' in event) lastEventId = event.id
        if (told.length === count) return
      }
    }
    await listen(1)
    await api.customers.bulk({
      body: {
        operations: [
          { op: 'create', values: {} },
          { op: 'create', values: {} },
        ],
      },
    })
    await listen(2)
    expect(told).toEqual(['customers insert 1', 'customers insert 2'])
    await expect(live({ entities: ['nonsense'] }).next()).rejects.toMatchObject({ status: 400 })
  })

  test('files go up and come down as they are', async () => {
    const { api } = await shopClient(storage, '/cdp')
    const body = new Blob(['firstName\nSão\n'], { type: 'text/csv' })
    const file = await api.core.uploadFile({ query: { name: 'a.csv' } }, { body })
    expect(file).toMatchObject({ name: 'a.csv', contentType: 'text/csv' })
    const parts = ['São', ' Paulo'].map((text) => new TextEncoder().encode(text))
    const streamed = await api.core.uploadFile({}, { body: ReadableStream.from(parts) })
    const texts = [file, streamed].map(async ({ id }) => {
      const response = await api.core.downloadFile({ params: { id } })
      return response.text()
    })
    expect(await Promise.all(texts)).toEqual(['firstName\nSão\n', 'São Paulo'])
  })
})

test('a create whose answer was lost is one row when it is sent again', async () => {
  const lossy: { lose: boolean; sent: number } = { lose: true, sent: 0 }
  const { api } = await shopClient('sqlite', '/', {
    async fetch(input, init) {
      const response = await fetch(input, init)
      if (init?.method !== 'POST') return response
      lossy.sent++
      if (!lossy.lose) return response
      lossy.lose = false
      throw new TypeError('the connection broke')
    },
  })
  const made = await api.customers.create({ body: { firstName: 'Ana' } })
  expect(lossy.sent).toBe(2)
  expect((await api.customers.list()).items.map(({ id }) => id)).toEqual([made.id])
})

test('the routes are as public as the API document, and kept by their tag', async () => {
  const { cdp } = (await openShop('sqlite')).test
  const url = `${await mounted(cdp, '/cdp')}/client.json`
  const first = await fetch(url)
  const etag = first.headers.get('etag')!
  expect(await first.json()).toMatchObject({
    customers: { get: 'GET /api/v1/customers/:id', restore: 'POST /api/v1/customers/:id/restore once' },
  })
  expect(first.headers.get('cache-control')).toBe('no-cache')
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
})
