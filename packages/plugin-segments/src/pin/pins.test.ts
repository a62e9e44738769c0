import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'

eachStorage((storage) => {
  test('who was put in or out by hand stays so through facts and recomputes, until the pin ends', async () => {
    const { t, api, segment, membersOf } = await segmentsShop(storage)
    const [ana, bia] = [
      await api.customers.create({ body: { country: 'BR' } }),
      await api.customers.create({ body: { country: 'PT' } }),
    ]
    const id = await segment('Brazil', inBrazil)
    const expiresAt = '2026-01-15T14:00:00.000Z'
    await api.segments.setPin({ params: { id, customerId: ana.id }, body: { mode: 'exclude' } })
    await api.segments.setPin({
      params: { id, customerId: bia.id },
      body: { mode: 'include', reason: 'asked for it', expiresAt },
    })
    expect(await membersOf(id)).toEqual([bia.id])
    await api.customers.update({ params: { id: ana.id }, body: { country: 'PT' } })
    await api.customers.update({ params: { id: ana.id }, body: { country: 'BR' } })
    await api.segments.recompute({ params: { id } })
    await t.drain()
    expect(await membersOf(id)).toEqual([bia.id])

    const why = await api.segments.explain({ params: { id }, query: { customerId: bia.id } })
    expect(why).toMatchObject({ member: true, met: false, pin: { mode: 'include', reason: 'asked for it' } })
    expect(why.changesAt).toBe(expiresAt)
    t.clock.set(expiresAt)
    await t.drain()
    expect(await membersOf(id)).toEqual([])
    await api.segments.removePin({ params: { id, customerId: ana.id } })
    expect(await membersOf(id)).toEqual([ana.id])
  })

  test('a manual segment holds whom it was given, and nobody who was removed', async () => {
    const { api, membersOf } = await segmentsShop(storage)
    const ana = await api.customers.create({ body: {} })
    const { id } = await api.segments.create({ body: { name: 'Friends', kind: 'manual' } })
    await api.segments.setPin({ params: { id, customerId: ana.id }, body: { mode: 'include' } })
    expect(await membersOf(id)).toEqual([ana.id])
    await api.customers.remove({ params: { id: ana.id } })
    expect(await membersOf(id)).toEqual([])
  })
})
