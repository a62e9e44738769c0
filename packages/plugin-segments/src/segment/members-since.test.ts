import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'

eachStorage((storage) => {
  test('members say since when they are in it', async () => {
    const { t, api, segment } = await segmentsShop(storage)
    const id = await segment('Brazil', inBrazil)
    t.clock.advance('1h')
    const ana = await api.customers.create({ body: { country: 'BR' } })
    const { items, enteredAt } = await api.segments.members({ params: { id } })
    expect(items.map((row) => row.id)).toEqual([ana.id])
    expect(enteredAt).toEqual({ [ana.id]: ana.createdAt })
  })

  test('a condition is explained for a customer before it is saved', async () => {
    const { t, api } = await segmentsShop(storage)
    const { id: customerId } = await api.customers.create({ body: { country: 'PT' } })
    const why = (condition: object) =>
      api.segments.explainCondition({ body: { condition, customerId } as never })
    expect(await why({ not: inBrazil })).toMatchObject({
      met: true,
      explanation: { group: 'not', parts: [{ met: false, seen: 'PT' }] },
    })
    const body = { condition: { all: [{ ...inBrazil, operator: 'isnt' }] }, customerId }
    const { status, json } = await t.fetch('/api/v1/segments/explain', { method: 'POST', body })
    expect([status, json.code, json.params.issues[0].path]).toEqual([
      400,
      'condition.invalid',
      'all.0.operator',
    ])
  })
})
