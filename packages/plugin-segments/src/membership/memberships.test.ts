import { Customer, CustomerEvents, customers, Merges } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { createTestClientele, eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { Segment } from '../segment/segment.entity.ts'
import { segments } from '../segments.plugin.ts'

const inBrazil = { type: 'attribute', field: 'country', operator: 'is', value: 'BR' }

async function shopOf(storage: TestStorage) {
  const t = await createTestClientele({ storage, plugins: [customers(), inventory(), orders(), segments()] })
  const { api } = t.as()
  const membersOf = async (id: string): Promise<string[]> => {
    const { items } = await api.segments.members({ params: { id }, query: { limit: 200 } })
    return items.map((row) => row.id).toSorted()
  }
  return { t, api, membersOf }
}

eachStorage((storage) => {
  test('a segment is computed for those who were there, and then follows what is changed', async () => {
    const { t, api, membersOf } = await shopOf(storage)
    const ana = await api.customers.create({ body: { country: 'BR' } })
    const bia = await api.customers.create({ body: { country: 'PT' } })
    const { id, status } = await api.segments.create({ body: { name: 'Brazil', condition: inBrazil } })
    expect(status).toBe('computing')
    await t.drain()
    expect(await api.segments.get({ params: { id } })).toMatchObject({ status: 'live', memberCount: 1 })
    expect(await membersOf(id)).toEqual([ana.id])

    await api.customers.update({ params: { id: bia.id }, body: { country: 'BR' } })
    await api.customers.update({ params: { id: ana.id }, body: { country: 'PT' } })
    const caio = await api.customers.create({ body: { country: 'BR' } })
    expect(await membersOf(id)).toEqual([bia.id, caio.id].toSorted())
    await api.customers.remove({ params: { id: bia.id } })
    expect(await membersOf(id)).toEqual([caio.id])
  })

  test('more of what made somebody a member keeps them in, and they leave when it is over or gone', async () => {
    const { t, api, membersOf } = await shopOf(storage)
    const { id: ana } = await api.customers.create({ body: {} })
    const event = { type: 'event', name: 'Product Viewed' }
    const within = { last: { amount: 2, unit: 'hour' } }
    const conditions = {
      lately: { ...event, within },
      twice: { ...event, count: { operator: 'gte', value: 2 } },
      twiceAtMost: { ...event, count: { operator: 'lte', value: 2 } },
      once: { ...event, count: { operator: 'is', value: 1 } },
      mixed: { all: [event, { not: { ...event, count: { operator: 'gte', value: 3 } } }] },
    }
    const ids: Record<string, string> = {}
    for (const [name, condition] of Object.entries(conditions)) {
      ids[name] = (await api.segments.create({ body: { name, condition } })).id
      await t.drain()
    }
    const areIn = async () => {
      const found: string[] = []
      for (const [name, id] of Object.entries(ids)) if ((await membersOf(id)).includes(ana)) found.push(name)
      return found
    }
    const view = () =>
      t.as().tx((tx) => tx.get(CustomerEvents).track(tx, { who: { customerId: ana }, name: event.name }))
    expect(await areIn()).toEqual(['twiceAtMost'])
    await view()
    expect(await areIn()).toEqual(['lately', 'twiceAtMost', 'once', 'mixed'])
    t.clock.advance('1h')
    await view()
    expect(await areIn()).toEqual(['lately', 'twice', 'twiceAtMost', 'mixed'])
    t.clock.advance('1h')
    await view()
    expect(await areIn()).toEqual(['lately', 'twice'])
    t.clock.advance('119m')
    await t.drain()
    expect(await areIn()).toEqual(['lately', 'twice'])
    t.clock.advance('2m')
    await t.drain()
    expect(await areIn()).toEqual(['twice'])
    await api.core.updateSettings({ params: { name: 'customers' }, body: { keepEventsMonths: 12 } })
    t.clock.advance('400d')
    await t.drain()
    t.clock.advance('1d')
    await t.drain()
    expect(await areIn()).toEqual(['twiceAtMost'])
  })

  test('whoever came in the same transaction as they got the rows of another has all of these', async () => {
    const { t, api, membersOf } = await shopOf(storage)
    const { id: ana } = await api.customers.create({ body: {} })
    const condition = { type: 'event', name: 'Product Viewed' }
    const viewed = await api.segments.create({ body: { name: 'Viewed', condition } })
    const others = await api.segments.create({ body: { name: 'Others', condition: { not: condition } } })
    await t.drain()
    const { tx } = t.as()
    await tx((one) => one.get(CustomerEvents).track(one, { who: { customerId: ana }, name: condition.name }))
    const bia = await tx(async (one) => {
      const { id } = await one.repo(Customer).insert({})
      await one.get(Merges).merge(one, id, ana, { cause: 'person' })
      return id
    })
    expect([await membersOf(viewed.id), await membersOf(others.id)]).toEqual([[bia], []])
  })

  test('a segment that asks who somebody is follows those who come', async () => {
    const { t, api, membersOf } = await shopOf(storage)
    const condition = { type: 'sample', percent: 100 }
    const { id } = await api.segments.create({ body: { name: 'Drawn', condition } })
    await t.drain()
    const ana = await api.customers.create({ body: {} })
    expect(await membersOf(id)).toEqual([ana.id])
  })

  test('a segment has failed once something happens that it cannot see, for a plugin of its types is gone', async () => {
    const { t, api } = await shopOf(storage)
    const condition = { type: 'a plugin’s that is gone' }
    const { id } = await t
      .as()
      .tx((one) => one.repo(Segment).insert({ name: 'Lost', condition, status: 'live' }))
    const brazil = await api.segments.create({ body: { name: 'Brazil', condition: inBrazil } })
    await t.drain()
    expect(await api.segments.get({ params: { id } })).toMatchObject({ status: 'live' })
    await api.customers.create({ body: {} })
    expect(await api.segments.get({ params: { id } })).toMatchObject({ status: 'failed' })
    expect(await api.segments.get({ params: { id: brazil.id } })).toMatchObject({ status: 'live' })
  })

  test('an import of customers can be taken back although they are in segments, but for those put there by hand', async () => {
    const { t, api, membersOf } = await shopOf(storage)
    const { id } = await api.segments.create({ body: { name: 'Brazil', condition: inBrazil } })
    await t.drain()
    const file = await t.fetch('/api/v1/files?name=a.csv', {
      ...{ method: 'POST', body: 'firstName,country\nAna,BR\nBia,BR\nCaio,PT' },
      headers: { 'content-type': 'text/csv' },
    })
    const body = { fileId: file.json.id as string }
    const { json } = await t.fetch('/api/v1/customers/import', { method: 'POST', body })
    await t.drain()
    const [ana] = await membersOf(id)
    await api.segments.setPin({ params: { id, customerId: ana! }, body: { mode: 'include' } })
    await t.fetch(`/api/v1/imports/${json.id}/undo`, { method: 'POST' })
    await t.drain()
    const undone = await t.fetch(`/api/v1/imports/${json.id}`)
    expect(undone.json).toMatchObject({ state: 'undone', undone: 2, kept: 1 })
    expect(await membersOf(id)).toEqual([ana])
  })

  test('a window that moves on takes members along with no event at all', async () => {
    const { t, api, membersOf } = await shopOf(storage)
    const condition = {
      type: 'attribute',
      field: 'createdAt',
      operator: 'inLast',
      value: { amount: 2, unit: 'hour' },
    }
    const ana = await api.customers.create({ body: {} })
    const { id } = await api.segments.create({ body: { name: 'New', condition } })
    await t.drain()
    t.clock.advance('1h')
    const bia = await api.customers.create({ body: {} })
    await t.drain()
    expect(await membersOf(id)).toEqual([ana.id, bia.id].toSorted())
    t.clock.advance(3_600_000)
    await t.drain()
    expect(await membersOf(id)).toEqual([ana.id, bia.id].toSorted())
    t.clock.advance(1)
    await t.drain()
    expect(await membersOf(id)).toEqual([bia.id])
    t.clock.advance('30d')
    await t.drain()
    expect(await membersOf(id)).toEqual([])
  })
})
