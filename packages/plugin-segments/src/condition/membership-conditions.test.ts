import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'

eachStorage((storage) => {
  test('a segment that asks about another follows it in the same transaction', async () => {
    const { api, segment, membersOf } = await segmentsShop(storage)
    const ana = await api.customers.create({ body: { country: 'BR' } })
    const bia = await api.customers.create({ body: {} })
    const brazil = await segment('Brazil', inBrazil)
    const elsewhere = await segment('Elsewhere', { not: { type: 'segment', segment: brazil } })
    const twice = await segment('Not elsewhere', { not: { type: 'segment', segment: elsewhere } })
    expect([await membersOf(elsewhere), await membersOf(twice)]).toEqual([[bia.id], [ana.id]])

    await api.customers.update({ params: { id: bia.id }, body: { country: 'BR' } })
    expect([await membersOf(elsewhere), await membersOf(twice)]).toEqual([[], [ana.id, bia.id].toSorted()])
    const caio = await api.customers.create({ body: { country: 'PT' } })
    expect([await membersOf(elsewhere), await membersOf(twice)]).toEqual([
      [caio.id],
      [ana.id, bia.id].toSorted(),
    ])
  })

  test('a changed segment takes those along that ask about it', async () => {
    const { t, api, segment, membersOf } = await segmentsShop(storage)
    const ana = await api.customers.create({ body: { country: 'BR' } })
    const bia = await api.customers.create({ body: { country: 'PT' } })
    const brazil = await segment('Brazil', inBrazil)
    const same = await segment('Same', { type: 'segment', segment: brazil })
    expect(await membersOf(same)).toEqual([ana.id])
    await api.segments.update({
      params: { id: brazil },
      body: { condition: { ...inBrazil, value: 'PT' } },
    })
    await t.drain()
    expect(await membersOf(same)).toEqual([bia.id])
  })

  test('a static segment that is computed again takes those along that ask about it', async () => {
    const { t, api, segment, membersOf } = await segmentsShop(storage)
    const { id } = await api.segments.create({
      body: { name: 'Then', kind: 'static', condition: inBrazil },
    })
    const same = await segment('Same', { type: 'segment', segment: id })
    const others = await segment('Others', { not: { type: 'segment', segment: same } })
    const ana = await api.customers.create({ body: { country: 'BR' } })
    expect([await membersOf(same), await membersOf(others)]).toEqual([[], [ana.id]])
    await api.segments.recompute({ params: { id } })
    await t.drain()
    expect([await membersOf(same), await membersOf(others)]).toEqual([[ana.id], []])
  })

  test('time in another segment counts to the millisecond, and once in it is for ever', async () => {
    const { t, api, segment, membersOf } = await segmentsShop(storage)
    const brazil = await segment('Brazil', inBrazil)
    const value = { amount: 2, unit: 'hour' }
    const fresh = await segment('Fresh', {
      ...{ type: 'segment', segment: brazil, membership: 'enteredWithin', value },
    })
    const old = await segment('Old', { type: 'segment', segment: brazil, membership: 'for', value })
    const ever = await segment('Ever', { type: 'segment', segment: brazil, membership: 'ever' })
    const { id } = await api.customers.create({ body: { country: 'BR' } })
    const are = async (): Promise<number[]> => {
      const lists = await Promise.all([fresh, old, ever].map(membersOf))
      return lists.map((list) => list.length)
    }
    expect(await are()).toEqual([1, 0, 1])
    t.clock.advance('2h')
    await t.drain()
    expect(await are()).toEqual([1, 1, 1])
    t.clock.advance(1)
    await t.drain()
    expect(await are()).toEqual([0, 1, 1])
    await api.customers.update({ params: { id }, body: { country: 'PT' } })
    expect(await are()).toEqual([0, 0, 1])
  })

  test('segments that would hang on themselves are refused with the way around, and used ones stay', async () => {
    const { t, api, segment } = await segmentsShop(storage)
    const first = await segment('First', inBrazil)
    const second = await segment('Second', { type: 'segment', segment: first })
    const third = await segment('Third', { not: { type: 'segment', segment: second } })
    const condition = { any: [inBrazil, { type: 'segment', segment: third }] }
    const refused = await t.fetch(`/api/v1/segments/${first}`, { method: 'PATCH', body: { condition } })
    expect(refused).toMatchObject({
      status: 422,
      json: { code: 'segments.cycle', params: { path: ['First', 'Third', 'Second', 'First'] } },
    })
    expect(await t.fetch(`/api/v1/segments/${second}`, { method: 'DELETE' })).toMatchObject({
      status: 409,
      json: { code: 'segments.in_use', params: { uses: [{ kind: 'segment', name: 'Third' }] } },
    })
    const missing = '00000000-0000-7000-8000-000000000000'
    const body = { name: 'Lost', condition: { type: 'segment', segment: missing } }
    expect(await t.fetch('/api/v1/segments', { method: 'POST', body })).toMatchObject({
      status: 422,
      json: { code: 'segments.unknown' },
    })
    expect((await api.segments.list()).items).toHaveLength(3)
  })
})
