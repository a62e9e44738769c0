import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { createTestClientele, eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
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
