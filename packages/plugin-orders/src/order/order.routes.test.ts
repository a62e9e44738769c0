import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { createTestClientele, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { orders } from '../index.ts'

const plugins = [customers(), inventory(), orders()] as const
type Api = ReturnType<TestClientele<typeof plugins>['as']>['api']

const line = (amount: number, quantity = 1) => ({
  sku: 'CUP',
  name: 'Cup',
  quantity,
  unitPrice: { amount, currency: 'EUR' },
})

async function shop(): Promise<{ t: TestClientele<typeof plugins>; api: Api; customerId: string }> {
  const t = await createTestClientele({ plugins })
  const { api } = t.as()
  const { id: customerId } = await api.customers.create({ body: { email: 'ana@example.com' } })
  return { t, api, customerId }
}

test('an order takes names and prices from its products and numbers itself', async () => {
  const { api, customerId } = await shop()
  const jar = await api.inventory.createProduct({
    body: { sku: 'JAR', name: 'Jar', price: { amount: 1250, currency: 'EUR' } },
  })
  const first = await api.orders.create({
    body: { customerId, country: 'France', lines: [{ productId: jar.id, quantity: 2 }, line(99)] },
  })
  expect(first).toMatchObject({
    order: {
      number: '1001',
      state: 'pending',
      total: { amount: 2599, currency: 'EUR' },
      baseTotal: 2599,
      itemCount: 3,
    },
    lines: [
      { lineNumber: 1, sku: 'JAR', name: 'Jar', total: { amount: 2500 } },
      { lineNumber: 2, sku: 'CUP', productId: null },
    ],
    refunds: [],
    customer: { id: customerId, email: 'ana@example.com' },
  })
  expect(await api.orders.create({ body: { lines: [line(1)] } })).toMatchObject({
    order: { number: '1002' },
    customer: null,
  })
  expect(await api.orders.lookup({ query: { number: '1001' } })).toEqual(first)
})

test('an id that another system gave need only look like a UUID', async () => {
  const { t, api } = await shop()
  const id = '11111111-1111-1111-1111-111111111111'
  await api.customers.create({ body: { id } })
  const placed = await t.fetch('/api/v1/orders', {
    method: 'POST',
    body: { customerId: id, state: 'paid', lines: [line(1250)] },
  })
  expect(placed).toMatchObject({ status: 201, json: { customer: { id } } })
  expect(placed.headers.get('location')).toBe(`/api/v1/orders/${placed.json.order.id}`)
  expect(await api.customers.details({ params: { id } })).toMatchObject({ customer: { id } })
  expect(await api.orders.customerMetrics({ params: { id } })).toMatchObject({ totalSpend: 1250 })
})

test('numbers given by others are not given again', async () => {
  const { api } = await shop()
  await api.orders.create({ body: { number: '1001', lines: [line(1)] } })
  await api.orders.create({ body: { number: '1002', lines: [line(1)] } })
  expect(await api.orders.create({ body: { lines: [line(1)] } })).toMatchObject({ order: { number: '1003' } })
})

test('an order goes from pending to paid to fulfilled and keeps the instants', async () => {
  const { t, api } = await shop()
  const { order } = await api.orders.create({ body: { lines: [line(500)] } })
  const params = { id: order.id }
  t.clock.advance('1h')
  expect(await api.orders.pay({ params })).toMatchObject({
    state: 'paid',
    paidAt: '2026-01-15T13:00:00.000Z',
  })
  t.clock.advance('1h')
  expect(await api.orders.fulfil({ params })).toMatchObject({
    state: 'fulfilled',
    paidAt: '2026-01-15T13:00:00.000Z',
    fulfilledAt: '2026-01-15T14:00:00.000Z',
  })
})

test('a step out of turn is refused and says what is allowed', async () => {
  const { t, api } = await shop()
  const { order } = await api.orders.create({ body: { lines: [line(500)] } })
  const answer = await t.fetch(`/api/v1/orders/${order.id}/fulfil`, { method: 'POST' })
  expect(answer.status).toBe(409)
  expect(answer.json).toMatchObject({
    code: 'orders.wrong_state',
    params: { number: '1001', state: 'pending', wanted: 'fulfilled', allowed: ['paid', 'cancelled'] },
  })
  await api.orders.cancel({ params: { id: order.id } })
  const over = await t.fetch(`/api/v1/orders/${order.id}/pay`, { method: 'POST' })
  expect(over.json.detail).toBe(
    'Cannot make order 1001 paid: it is cancelled, and from there it goes nowhere',
  )
})

test('cancelling a paid order gives back what was not yet given back', async () => {
  const { api, customerId } = await shop()
  const { order } = await api.orders.create({ body: { customerId, state: 'paid', lines: [line(500)] } })
  const params = { id: order.id }
  await api.orders.refund({ params, body: { amount: { amount: 120, currency: 'EUR' }, reason: 'damaged' } })
  await api.orders.cancel({ params })
  expect(await api.orders.get({ params })).toMatchObject({
    order: { state: 'cancelled', refundedTotal: 500 },
    refunds: [
      { amount: { amount: 120 }, reason: 'damaged' },
      { amount: { amount: 380 }, reason: 'requested' },
    ],
  })
  expect(await api.orders.customerMetrics({ params: { id: customerId } })).toMatchObject({
    orderCount: 0,
    totalSpend: 0,
  })
})

test('never more than was paid is given back', async () => {
  const { t, api } = await shop()
  const { order } = await api.orders.create({ body: { lines: [line(500)] } })
  const refund = (body: object): ReturnType<typeof t.fetch> =>
    t.fetch(`/api/v1/orders/${order.id}/refunds`, { method: 'POST', body })
  expect((await refund({})).json).toMatchObject({ code: 'orders.not_paid', status: 409 })
  await api.orders.pay({ params: { id: order.id } })
  expect((await refund({ amount: { amount: 501, currency: 'EUR' } })).json).toMatchObject({
    code: 'orders.refund_too_large',
    params: { left: 500 },
  })
  expect((await refund({ amount: { amount: 0, currency: 'EUR' } })).status).toBe(409)
  expect((await refund({ amount: { amount: 5, currency: 'USD' } })).json).toMatchObject({
    code: 'orders.foreign_currency',
    status: 422,
  })
  expect((await refund({})).json).toMatchObject({ amount: { amount: 500, currency: 'EUR' } })
  expect((await refund({})).json).toMatchObject({ code: 'orders.refund_too_large', params: { left: 0 } })
})

test('tabs count by state, the list filters by it and finds by number or address', async () => {
  const { api, customerId } = await shop()
  await api.orders.create({ body: { customerId, lines: [line(1)] } })
  await api.orders.create({ body: { customerId, state: 'paid', lines: [line(2)] } })
  await api.orders.create({ body: { state: 'paid', lines: [line(3)] } })
  expect(await api.orders.tabs()).toEqual({ all: 3, pending: 1, paid: 2, fulfilled: 0, cancelled: 0 })

  const numbers = async (query: Record<string, string | number>): Promise<string[]> =>
    (await api.orders.list({ query: { ...query, sort: 'number' } })).items.map((order) => order.number)
  expect(await numbers({ state: 'paid' })).toEqual(['1002', '1003'])
  expect(await numbers({ q: '1003' })).toEqual(['1003'])
  expect(await numbers({ q: 'ANA@example.com' })).toEqual(['1001', '1002'])
  expect(await numbers({ q: 'ANA@example.com', state: 'paid' })).toEqual(['1002'])
  expect(await numbers({ q: 'bo@example.com' })).toEqual([])
  expect(await numbers({ 'total.gte': 2 })).toEqual(['1002', '1003'])
})

test('a file has the rows of the list, by address as well', async () => {
  const { t, api, customerId } = await shop()
  await api.orders.create({ body: { customerId, lines: [line(1)] } })
  await api.orders.create({ body: { lines: [line(2)] } })
  await api.orders.create({ body: { customerId, state: 'paid', lines: [line(3)] } })
  const file = async (query: string): Promise<string> =>
    (await t.fetch(`/api/v1/orders/export.csv?columns=number,state${query}`)).text.trim()
  expect(await file('&sort=-number')).toBe('number,state\r\n1003,paid\r\n1002,pending\r\n1001,pending')
  expect(await file('&sort=number&q=ana@example.com')).toBe('number,state\r\n1001,pending\r\n1003,paid')
  expect(await file('&q=1002')).toBe('number,state\r\n1002,pending')
  const job = await t.fetch('/api/v1/orders/export', { method: 'POST', body: { query: { state: 'paid' } } })
  expect(job).toMatchObject({ status: 202, json: { entity: 'orders', state: 'waiting' } })
})

test('what an order needs and has not is named', async () => {
  const { t, customerId } = await shop()
  const post = (body: object): ReturnType<typeof t.fetch> =>
    t.fetch('/api/v1/orders', { method: 'POST', body })
  expect((await post({ lines: [] })).status).toBe(400)
  expect((await post({ customerId, lines: [{ name: 'Cup', quantity: 1 }] })).json).toMatchObject({
    code: 'orders.incomplete_line',
    params: { line: 1, missing: ['sku', 'unitPrice'] },
  })
  expect((await post({ currency: 'USD', lines: [line(1)] })).json).toMatchObject({
    code: 'orders.foreign_currency',
  })
  expect((await post({ customerId: '00000000-0000-7000-8000-000000000000', lines: [line(1)] })).status).toBe(
    404,
  )
  expect((await t.fetch('/api/v1/orders/lookup?number=none')).json).toMatchObject({
    code: 'orders.unknown_number',
  })
  expect((await t.fetch('/api/v1/orders/tabs')).json).toMatchObject({ all: 0 })
})

test('a number is taken once', async () => {
  const { t } = await shop()
  const body = { number: 'A-1', lines: [line(1)] }
  expect((await t.fetch('/api/v1/orders', { method: 'POST', body })).status).toBe(201)
  expect((await t.fetch('/api/v1/orders', { method: 'POST', body })).json).toMatchObject({
    code: 'entity.conflict',
    status: 409,
    params: { fields: ['number'] },
  })
  expect((await t.fetch('/api/v1/orders?count=exact')).json.total).toBe(1)
})

test.each([
  ['a line', [line(Number.MAX_SAFE_INTEGER)]],
  ['a price times its quantity', [line(100_000_000, 1_000_000)]],
  ['lines that cancel each other out', [line(20_000_000_000_000), line(-20_000_000_000_000)]],
  ['a total', [line(6_000_000_000_000), line(6_000_000_000_000)]],
])('%s that no sum could hold is refused', async (_, lines) => {
  const { t } = await shop()
  const answer = await t.fetch('/api/v1/orders', { method: 'POST', body: { lines } })
  expect(answer).toMatchObject({ status: 422, json: { code: 'orders.amount_too_large' } })
})
