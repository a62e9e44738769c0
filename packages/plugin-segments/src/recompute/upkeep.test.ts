import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'
import { Segment } from '../segment/segment.entity.ts'

eachStorage((storage) => {
  test('a segment of a time before memberships were kept is computed without being asked', async () => {
    const { t, api, membersOf } = await segmentsShop(storage)
    const ana = await api.customers.create({ body: { country: 'BR' } })
    // As migration 0002 leaves one: `computing`, without a run.
    const { id } = await t.as().tx((tx) => tx.repo(Segment).insert({ name: 'Brazil', condition: inBrazil }))
    await t.drain()
    expect(await membersOf(id)).toEqual([])

    t.clock.advance('5m')
    await t.drain()
    expect((await api.segments.get({ params: { id } })).status).toBe('live')
    expect(await membersOf(id)).toEqual([ana.id])
    const { items } = await api.segments.listVersions({ params: { id } })
    expect(items.map(({ number }) => number)).toEqual([1])

    t.clock.advance('5m')
    await t.drain()
    expect((await api.segments.listRuns({ params: { id } })).items).toHaveLength(1)
  })
})
