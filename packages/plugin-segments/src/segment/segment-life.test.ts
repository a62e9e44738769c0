import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'

eachStorage((storage) => {
  test('each version of a condition is kept and can be the current one again', async () => {
    const { t, api, segment, membersOf } = await segmentsShop(storage)
    const ana = await api.customers.create({ body: { country: 'BR' } })
    const id = await segment('Brazil', inBrazil)
    await api.segments.update({ params: { id }, body: { condition: { any: [] } } })
    await t.drain()
    expect(await membersOf(id)).toEqual([])
    await api.segments.restoreVersion({ params: { id, number: 1 } })
    await t.drain()
    expect(await membersOf(id)).toEqual([ana.id])
    const { items } = await api.segments.listVersions({ params: { id } })
    const versions = items.toSorted((a, b) => a.number - b.number)
    expect(versions.map((one) => [one.number, one.condition])).toEqual([
      [1, inBrazil],
      [2, { any: [] }],
      [3, inBrazil],
    ])
  })

  test('where a customer was and is, and what brought them in and out, is on record', async () => {
    const { t, api, segment } = await segmentsShop(storage)
    const { id: customerId } = await api.customers.create({ body: { country: 'PT' } })
    const id = await segment('Brazil', inBrazil)
    await api.customers.update({ params: { id: customerId }, body: { country: 'BR' } })
    t.clock.advance('1h')
    expect(await api.customers.details({ params: { id: customerId } })).toMatchObject({
      sections: { segments: [{ segmentId: id, name: 'Brazil', enteredAt: '2026-01-15T12:00:00.000Z' }] },
    })
    await api.customers.update({ params: { id: customerId }, body: { country: 'PT' } })
    const { items } = await api.segments.history({ params: { customerId } })
    const by = { by: 'facts', with: 'customers.country' }
    expect(items).toMatchObject([
      { name: 'Brazil', enteredBy: by.by, enteredWith: by.with, leftBy: by.by, leftWith: by.with },
    ])
    expect(items[0]!.leftAt).toBe('2026-01-15T13:00:00.000Z')
  })

  test('a recompute lists who came by it, and can be ended', async () => {
    const { t, api } = await segmentsShop(storage)
    const people = []
    for (let n = 0; n < 3; n++) people.push(await api.customers.create({ body: { country: 'BR' } }))
    const { id, runId } = await api.segments.create({ body: { name: 'Brazil', condition: inBrazil } })
    await t.drain()
    const query = { change: 'entered', limit: 2 } as const
    const first = await api.segments.listRunChanges({ params: { id, runId: runId! }, query })
    const rest = await api.segments.listRunChanges({
      params: { id, runId: runId! },
      query: { ...query, after: first.next! },
    })
    expect([...first.items, ...rest.items].map((one) => one.customerId)).toEqual(
      people.map((one) => one.id).toSorted(),
    )
    expect(rest.next).toBeNull()
    await api.segments.recompute({ params: { id } })
    expect(await api.segments.cancelRecompute({ params: { id } })).toMatchObject({ state: 'cancelled' })
    expect(await api.segments.get({ params: { id } })).toMatchObject({ status: 'failed' })
    await t.drain()
    expect((await t.fetch(`/api/v1/segments/${id}/recompute/cancel`, { method: 'POST' })).status).toBe(409)
  })

  test('a snapshot stays as it was, and a segment that was removed comes back exact', async () => {
    const { t, api, segment, membersOf } = await segmentsShop(storage)
    const ana = await api.customers.create({ body: { country: 'BR' } })
    const { id } = await api.segments.create({
      body: { name: 'Then', kind: 'snapshot', condition: inBrazil },
    })
    const live = await segment('Brazil', inBrazil)
    await api.segments.remove({ params: { id: live } })
    await api.customers.update({ params: { id: ana.id }, body: { country: 'PT' } })
    expect(await membersOf(id)).toEqual([ana.id])
    await api.segments.restore({ params: { id: live } })
    await t.drain()
    expect(await membersOf(live)).toEqual([])
    expect((await t.fetch(`/api/v1/segments/${id}/recompute`, { method: 'POST' })).status).toBe(409)
  })

  test('a static segment and a snapshot come back as they were, and stay so when saved as they are', async () => {
    const { t, api, membersOf } = await segmentsShop(storage)
    const ana = await api.customers.create({ body: { country: 'BR' } })
    for (const kind of ['static', 'snapshot'] as const) {
      const { id } = await api.segments.create({ body: { name: kind, kind, condition: inBrazil } })
      await t.drain()
      await api.segments.remove({ params: { id } })
      await api.customers.update({ params: { id: ana.id }, body: { country: 'PT' } })
      expect(await api.segments.restore({ params: { id } })).toMatchObject({ status: 'live' })
      const body = { name: `${kind} 2`, kind, condition: inBrazil }
      const saved = await api.segments.update({ params: { id }, body })
      expect(saved).toMatchObject({ name: body.name, status: 'live', definition: 1 })
      await t.drain()
      expect(await membersOf(id)).toEqual([ana.id])
      await api.customers.update({ params: { id: ana.id }, body: { country: 'BR' } })
    }
  })

  test('a segment does not come back before the one that it asks about', async () => {
    const { t, api, segment, membersOf } = await segmentsShop(storage)
    const ana = await api.customers.create({ body: { country: 'BR' } })
    const brazil = await segment('Brazil', inBrazil)
    const same = await segment('Same', { type: 'segment', segment: brazil })
    for (const id of [same, brazil]) await api.segments.remove({ params: { id } })
    const refused = await t.fetch(`/api/v1/segments/${same}/restore`, { method: 'POST' })
    expect(refused).toMatchObject({ status: 422, json: { code: 'segments.unknown' } })
    for (const id of [brazil, same]) await api.segments.restore({ params: { id } })
    await t.drain()
    expect(await membersOf(same)).toEqual([ana.id])
  })

  test('an overlap counts each customer once, by the set of segments they are in', async () => {
    const { api, segment } = await segmentsShop(storage)
    for (const country of ['BR', 'BR', 'PT', null]) await api.customers.create({ body: { country } })
    const brazil = await segment('Brazil', inBrazil)
    const known = await segment('Known', { type: 'attribute', field: 'country', operator: 'isSet' })
    const { parts } = await api.segments.overlap({ body: { segmentIds: [brazil, known] } })
    expect(parts).toEqual([
      { segmentIds: [brazil, known], count: 2 },
      { segmentIds: [known], count: 1 },
    ])
  })
})
