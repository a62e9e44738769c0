import { toTimestamp } from '@clientele/core'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'

eachStorage((storage) => {
  test('the size of a segment is known for the beginning of each day, and for now', async () => {
    const { t, api, segment } = await segmentsShop(storage)
    const [ana] = [
      await api.customers.create({ body: { country: 'BR' } }),
      await api.customers.create({ body: { country: 'PT' } }),
    ]
    const id = await segment('Brazil', inBrazil)
    const sizes = async (days: number) => {
      const { items } = await api.segments.sizes({ params: { id }, query: { days } })
      return items.map(({ count }) => count)
    }
    expect(await sizes(30)).toEqual([1])
    t.clock.advance('1d')
    await api.customers.create({ body: { country: 'BR' } })
    t.clock.advance('1d')
    await api.customers.update({ params: { id: ana.id }, body: { country: 'PT' } })
    await api.customers.create({ body: { country: 'BR' } })
    await api.customers.create({ body: { country: 'BR' } })
    expect(await sizes(30)).toEqual([1, 2, 3])
    expect(await sizes(1)).toEqual([2, 3])
    const { items } = await api.segments.sizes({ params: { id } })
    expect(items.at(-1)?.at).toBe(toTimestamp(t.clock.now()))
  })
})
