import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'

eachStorage((storage) => {
  test('a segment shows its SQL with values as parameters, what is expected and what was counted', async () => {
    const { t, api, segment } = await segmentsShop(storage)
    await api.customers.create({ body: { country: 'BR' } })
    await api.customers.create({ body: { country: 'PT' } })
    const id = await segment('Brazil', { all: [inBrazil, { type: 'tag', name: `o'hara` }] })
    const brazil = await segment('All of Brazil', inBrazil)
    const { status, json } = await t.fetch(`/api/v1/segments/${id}/sql`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ actualCount: 0, took: expect.any(Number) })
    for (const { sql, parameters } of [json.count, json.members]) {
      expect(sql).toMatch(/^select .*clientele_customers/)
      expect(sql).not.toContain(`hara`)
      expect(JSON.stringify(parameters)).toContain(`o'hara`)
    }
    const told = await api.segments.sql({ params: { id: brazil } })
    expect(told.actualCount).toBe(1)
    expect(typeof told.estimatedRows).toBe(told.members.sql.includes('$1') ? 'number' : 'object')
  })

  test('the SQL of a segment is for those who may save segments', async () => {
    const { t, segment } = await segmentsShop(storage)
    const id = await segment('Brazil', inBrazil)
    const as = { permissions: ['segments:read'] }
    expect((await t.fetch(`/api/v1/segments/${id}/sql`, { as })).status).toBe(403)
  })
})
