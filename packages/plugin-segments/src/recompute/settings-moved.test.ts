import { saveSettings, TenantSettings } from '@clientele/core'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'

eachStorage((storage) => {
  test('a tenant that moves to another zone has segments of days computed anew, and no others', async () => {
    const { t, api, segment, membersOf } = await segmentsShop(storage)
    // Noon in Greenwich, and the next day in Kiritimati, fourteen hours ahead.
    const ana = await api.customers.create({ body: { country: 'BR' } })
    const onTheDay = { type: 'attribute', field: 'createdAt', operator: 'on', value: '2026-01-16' }
    const days = await segment('Came on the 16th', onTheDay)
    const brazil = await segment('Brazil', inBrazil)
    expect(await membersOf(days)).toEqual([])

    await t.as().tx((tx) => saveSettings(tx, TenantSettings, { timeZone: 'Pacific/Kiritimati' }))
    expect((await api.segments.get({ params: { id: days } })).status).toBe('computing')
    expect((await api.segments.get({ params: { id: brazil } })).status).toBe('live')
    await t.drain()
    expect(await membersOf(days)).toEqual([ana.id])
    const { items } = await api.segments.listRuns({ params: { id: days } })
    expect(items.map(({ reason, state }) => [reason, state])).toEqual([
      ['due', 'done'],
      ['created', 'done'],
    ])

    const bea = await api.customers.create({ body: {} })
    expect(await membersOf(days)).toEqual([ana.id, bea.id].toSorted())
  })

  test('other settings of a tenant leave segments alone', async () => {
    const { t, api, segment } = await segmentsShop(storage)
    const id = await segment('New', {
      type: 'attribute',
      field: 'createdAt',
      operator: 'on',
      value: '2026-01-16',
    })
    await t.as().tx((tx) => saveSettings(tx, TenantSettings, { name: 'Another', timeZone: 'UTC' }))
    expect((await api.segments.get({ params: { id } })).status).toBe('live')
  })
})
