import { CustomerEvents, customers } from '@clientele/plugin-customers'
import { segments } from '@clientele/plugin-segments'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  test('a preview warns of events that nobody has sent, with the nearest names', async () => {
    const shop = await createTestClientele({ storage, plugins: [customers(), segments()] })
    const who = { identifiers: [{ type: 'userId', value: 'ana' }] }
    await shop.as().tx((t) => t.get(CustomerEvents).track(t, { who, name: 'Product Viewed' }))
    const preview = async (name: string) => {
      const body = { condition: { all: [{ type: 'event', name }] } }
      return (await shop.fetch('/api/v1/segments/preview', { method: 'POST', body })).json
    }
    expect(await preview('Product Viewed')).toMatchObject({ count: 1, warnings: [] })
    expect(await preview('Product Veiwed')).toMatchObject({
      count: 0,
      warnings: [
        {
          key: 'conditions.advice.unseenEvent',
          params: { name: 'Product Veiwed', nearest: ['Product Viewed'] },
          path: 'all.0',
        },
      ],
    })
  })
})
