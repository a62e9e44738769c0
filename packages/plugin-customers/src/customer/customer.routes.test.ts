import { col, definePlugin, extendEntity, type Migration } from '@clientele/core'
import { createTestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Customer, CustomerDetails, customers } from '../index.ts'

test('a customer is created, read, changed and replaced', async () => {
  const { api } = (await createTestClientele({ plugins: [customers()] })).as()
  const created = await api.customers.create({
    body: { firstName: 'Ana', email: 'Ana@Example.com', traits: { vip: true } },
  })
  expect(created).toMatchObject({
    email: 'ana@example.com',
    status: 'active',
    traits: { vip: true },
    version: 1,
  })

  const params = { id: created.id }
  const changed = await api.customers.update({ params, body: { country: 'Brazil' } })
  expect(changed).toMatchObject({ firstName: 'Ana', country: 'BR', version: 2 })

  const replaced = await api.customers.replace({ params, body: { email: 'ana@example.com' } })
  expect(replaced).toMatchObject({ firstName: null, country: null, traits: {} })
  expect(await api.customers.get({ params })).toMatchObject(replaced)
})

test('the list filters, sorts, searches and pages', async () => {
  const { api } = (await createTestClientele({ plugins: [customers()] })).as()
  for (const [firstName, country] of [
    ['Ana', 'Brazil'],
    ['Bo', 'Norway'],
    ['Cleo', 'Brazil'],
    ['Diana', null],
  ] as const) {
    await api.customers.create({ body: { firstName, country } })
  }
  const names = (page: { items: readonly { firstName: string | null }[] }): unknown =>
    page.items.map((c) => c.firstName)
  expect(names(await api.customers.list({ query: { country: 'Brazil', sort: '-firstName' } }))).toEqual([
    'Cleo',
    'Ana',
  ])
  expect(names(await api.customers.list({ query: { q: 'an', sort: 'firstName' } }))).toEqual(['Ana'])
  expect(names(await api.customers.list({ query: { 'country.isNull': 'true' } }))).toEqual(['Diana'])

  const first = await api.customers.list({ query: { sort: 'firstName', limit: 3, count: 'exact' } })
  expect(first.total).toBe(4)
  expect(
    names(await api.customers.list({ query: { sort: 'firstName', cursor: first.nextCursor! } })),
  ).toEqual(['Diana'])
})

test('a removed customer is hidden until restored', async () => {
  const { api } = (await createTestClientele({ plugins: [customers()] })).as()
  const { id } = await api.customers.create({ body: { email: 'ana@example.com' } })
  await api.customers.remove({ params: { id } })
  await expect(api.customers.get({ params: { id } })).rejects.toMatchObject({ code: 'entity.not_found' })
  expect((await api.customers.list()).items).toEqual([])
  await api.customers.restore({ params: { id } })
  expect(await api.customers.get({ params: { id } })).toMatchObject({
    email: 'ana@example.com',
    deletedAt: null,
  })
})

test('a stale version is refused with the current row', async () => {
  const t = await createTestClientele({ plugins: [customers()] })
  const { id } = await t.as().api.customers.create({ body: { firstName: 'Ana' } })
  await t.as().api.customers.update({ params: { id }, body: { firstName: 'Anna' } })
  const answer = await t.fetch(`/api/v1/customers/${id}`, {
    method: 'PATCH',
    headers: { 'if-match': '"1"' },
    body: { firstName: 'Anne' },
  })
  expect(answer.status).toBe(412)
  expect(answer.json).toMatchObject({
    code: 'entity.stale_version',
    current: { firstName: 'Anna' },
  })
})

test('wrong input names its field', async () => {
  const t = await createTestClientele({ plugins: [customers()] })
  const answer = await t.fetch('/api/v1/customers', {
    method: 'POST',
    body: { email: 'nobody', nickname: 'x' },
  })
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('email')
  expect(answer.text).toContain('nickname')
})

test('who may only read cannot write', async () => {
  const t = await createTestClientele({ plugins: [customers()] })
  const as = { permissions: ['customers:read'] }
  expect((await t.fetch('/api/v1/customers', { as })).status).toBe(200)
  expect((await t.fetch('/api/v1/customers', { as, method: 'POST', body: {} })).status).toBe(403)
})

const Loyalty = extendEntity(
  Customer,
  'customerLoyalty',
  { points: col.integer().default(0).filterable().sortable() },
  { as: 'loyalty' },
)
const m0001: Migration = { up: (m) => m.createTable(Loyalty), down: (m) => m.dropTable('customerLoyalty') }

/** A plugin above customers that knows more about them. */
const loyalty = definePlugin({
  id: 'loyalty',
  version: '1.0.0',
  requires: { core: '*' },
  dependsOn: [customers],
  entities: [Loyalty],
  migrations: { '0001-loyalty': m0001 },
  contributes: [
    CustomerDetails.add({
      key: 'loyalty',
      schema: z.object({ points: z.int() }),
      load: (ctx, customerId) => ctx.repo(Loyalty).get(customerId),
    }),
  ],
})

test('what a higher plugin adds is listed, filtered, sorted and part of the details', async () => {
  const t = await createTestClientele({ plugins: [customers(), loyalty()] })
  const { api, tx } = t.as()
  const ana = await api.customers.create({ body: { firstName: 'Ana' } })
  const bo = await api.customers.create({ body: { firstName: 'Bo' } })
  await tx((one) => one.repo(Loyalty).patch(bo.id, { points: 7 }))

  const { items } = await api.customers.list({ query: { sort: '-loyalty.points' } })
  expect(items).toMatchObject([
    { id: bo.id, loyalty: { points: 7 } },
    { id: ana.id, loyalty: { points: 0 } },
  ])
  const rich = await api.customers.list({ query: { 'loyalty.points.gte': 5 } })
  expect(rich.items.map((one) => one.id)).toEqual([bo.id])
  expect(await api.customers.details({ params: { id: bo.id } })).toMatchObject({
    customer: { firstName: 'Bo' },
    sections: { loyalty: { points: 7 } },
  })
})

test('the same composition without the higher plugin knows nothing of it', async () => {
  const t = await createTestClientele({ plugins: [customers()] })
  const answer = await t.fetch('/api/v1/customers?sort=-loyalty.points')
  expect(answer.status).toBe(400)
  expect(answer.json).toMatchObject({ code: 'http.unknown_field' })
})
