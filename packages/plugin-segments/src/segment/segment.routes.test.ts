import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { createTestClientele, eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { segments } from '../segments.plugin.ts'

const inBrazil = { type: 'attribute', field: 'country', operator: 'is', value: 'BR' }

/** A shop with customers of these countries. */
async function shopOf(storage: TestStorage, ...countries: readonly (string | null)[]) {
  const t = await createTestClientele({ storage, plugins: [customers(), inventory(), orders(), segments()] })
  const { api } = t.as()
  const people = []
  for (const country of countries) people.push(await api.customers.create({ body: { country } }))
  return { t, api, people }
}

eachStorage((storage) => {
  test('a preview counts and samples before anything is saved', async () => {
    const { t, people } = await shopOf(storage, 'BR', 'PT', 'BR', null)
    const { status, json } = await t.fetch('/api/v1/segments/preview', {
      method: 'POST',
      body: { condition: inBrazil, sampleSize: 1 },
    })
    expect(status).toBe(200)
    const asOf = '2026-01-15T12:00:00.000Z'
    expect(json).toEqual({ count: 2, estimate: null, share: 0.5, sample: [people[2]], warnings: [], asOf })
    const again = { condition: inBrazil, sampleSize: 1, exact: true, key: 'mine' }
    const exact = await t.fetch('/api/v1/segments/preview', { method: 'POST', body: again })
    expect(exact.json).toEqual(json)
  })

  test('a preview of nobody at all has a share, and shows ten customers unless it is asked for more', async () => {
    const { api, people } = await shopOf(storage)
    const body = { condition: { all: [] } }
    expect(await api.segments.preview({ body })).toMatchObject({ count: 0, share: 0, sample: [] })
    for (let n = 0; n < 12; n++) people.push(await api.customers.create({ body: {} }))
    await api.customers.remove({ params: { id: people[0]!.id } })
    const { sample, ...figures } = await api.segments.preview({ body })
    expect(figures).toMatchObject({ count: 11, share: 1 })
    expect(sample.map(({ id }) => id)).toEqual(
      people
        .slice(2)
        .toReversed()
        .map(({ id }) => id),
    )
  })

  test('a wrong condition is refused with its place and the nearest name, and saves nothing', async () => {
    const { t } = await shopOf(storage)
    const condition = { all: [{ ...inBrazil, field: 'contry' }] }
    const { status, json } = await t.fetch('/api/v1/segments', {
      method: 'POST',
      body: { name: 'x', condition },
    })
    expect(status).toBe(400)
    expect(json).toMatchObject({
      code: 'condition.invalid',
      params: { issues: [{ path: 'all.0.field', message: 'unknown field "contry"; did you mean country?' }] },
    })
    expect((await t.fetch('/api/v1/segments')).json.items).toEqual([])
  })

  test('two segments of one name are refused, and the name is free again after a removal', async () => {
    const { t, api } = await shopOf(storage)
    const body = { name: 'Brazil', condition: inBrazil }
    const first = await api.segments.create({ body })
    expect(await t.fetch('/api/v1/segments', { method: 'POST', body })).toMatchObject({
      status: 409,
      json: { code: 'entity.conflict', params: { fields: ['name'] } },
    })
    await api.segments.remove({ params: { id: first.id } })
    expect((await t.fetch('/api/v1/segments', { method: 'POST', body })).status).toBe(201)
  })

  test('members follow the facts, and page and filter like customers', async () => {
    const { t, api, people } = await shopOf(storage, 'BR', 'PT', 'BR', 'BR')
    const { id } = await api.segments.create({ body: { name: 'Brazil', condition: inBrazil } })
    await t.drain()
    const first = await api.segments.members({ params: { id }, query: { limit: 2 } })
    const second = await api.segments.members({
      params: { id },
      query: { limit: 2, cursor: first.nextCursor! },
    })
    expect([...first.items, ...second.items].map((row) => row.id)).toEqual([
      people[3]!.id,
      people[2]!.id,
      people[0]!.id,
    ])
    await api.customers.update({ params: { id: people[0]!.id }, body: { country: 'PT' } })
    expect((await api.segments.members({ params: { id }, query: { count: 'exact' } })).total).toBe(2)
  })

  test('members are exported as customers are, and nobody else with them', async () => {
    const { t, api, people } = await shopOf(storage, 'BR', 'PT', 'BR')
    const { id } = await api.segments.create({ body: { name: 'Brazil', condition: inBrazil } })
    await t.drain()
    const path = `/api/v1/segments/${id}/members.csv`
    const { status, text, headers } = await t.fetch(`${path}?columns=id,country&sort=createdAt`)
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(text).toBe(`id,country\r\n${people[0]!.id},BR\r\n${people[2]!.id},BR\r\n`)
    expect((await t.fetch(`${path}?columns=id&country=PT`)).text).toBe('id\r\n')
    expect((await t.fetch(path.replace(id, people[0]!.id))).status).toBe(404)
  })

  test('an evaluation keeps its figure on the segment without a new version', async () => {
    const { t, api } = await shopOf(storage, 'BR')
    const { id } = await api.segments.create({ body: { name: 'Brazil', condition: inBrazil } })
    await t.drain()
    t.clock.advance('1h')
    expect(await api.segments.evaluate({ params: { id } })).toEqual({
      count: 1,
      evaluatedAt: '2026-01-15T13:00:00.000Z',
    })
    expect(await api.segments.get({ params: { id } })).toMatchObject({ memberCount: 1, version: 1 })
  })

  test('an explanation says which rule kept somebody out', async () => {
    const { api, people } = await shopOf(storage, 'PT')
    const condition = { all: [{ type: 'metric', field: 'orderCount', operator: 'is', value: 0 }, inBrazil] }
    const { id } = await api.segments.create({ body: { name: 'New in Brazil', condition } })
    const why = await api.segments.explain({ params: { id }, query: { customerId: people[0]!.id } })
    expect(why).toMatchObject({
      member: false,
      met: false,
      explanation: {
        parts: [
          { met: true, seen: 0 },
          { met: false, seen: 'PT' },
        ],
      },
    })
  })
})
