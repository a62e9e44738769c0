import {
  CustomerEvents,
  customers,
  defineCustomerEvent,
  defineTraits,
  Ingest,
} from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'

const ShopTraits = defineTraits({
  plan: z.enum(['free', 'pro']).describe('What they pay for'),
  size: z.object({ feet: z.number() }),
})
const ProductViewed = defineCustomerEvent(
  'Product Viewed',
  z.object({ sku: z.string(), price: z.number() }).describe('Somebody looked at a product'),
)

eachStorage((storage) => {
  const open = () =>
    createTestClientele({ storage, plugins: [customers({ traits: ShopTraits, events: [ProductViewed] })] })
  const who = { identifiers: [{ type: 'userId', value: 'u1' }] }

  test('a declared event with other properties is refused by the names of its fields, its neighbours are taken', async () => {
    const shop = await open()
    const { ctx, tx, api } = shop.as()
    const events = [
      { type: 'track', userId: 'u1', event: 'Product Viewed', properties: { sku: 7, price: '1' } },
      {
        type: 'track',
        userId: 'u1',
        event: 'Product Viewed',
        properties: { sku: 'A', price: 1, more: true },
      },
      { type: 'track', userId: 'u1', event: 'Something Else', properties: { sku: 7 } },
      { type: 'identify', userId: 'u1', traits: { plan: 'gold', size: { feet: 'x' }, other: 1 } },
      { type: 'identify', userId: 'u1', traits: { plan: null, other: 1 } },
    ]
    const answer = await ctx.get(Ingest).ingest(ctx, { events, sourceId: null })
    expect(answer).toMatchObject({
      accepted: 3,
      rejected: [
        {
          index: 0,
          code: 'invalid_properties',
          message: 'properties.sku must be text; properties.price must be a number',
        },
        {
          index: 3,
          code: 'invalid_traits',
          message: 'traits.plan must be one of "free", "pro"; traits.size.feet must be a number',
        },
      ],
    })
    const stored = await api.customers.listEvents({ query: { name: 'Product Viewed' } })
    expect(stored.items.map(({ properties }) => properties)).toEqual([{ sku: 'A', price: 1, more: true }])

    const bad = tx((t) =>
      t.get(CustomerEvents).track(t, { who, name: ProductViewed.name, properties: { sku: 'A' } }),
    )
    await expect(bad).rejects.toMatchObject({
      code: 'customers.invalid_event',
      params: { name: 'Product Viewed', issues: [{ path: 'price', message: 'is required' }] },
    })
    expect(
      await tx((t) => t.get(CustomerEvents).track(t, { who, ...ProductViewed.of({ sku: 'B', price: 2 }) })),
    ).toMatchObject({ duplicate: false })
  })

  test('declared traits are checked whoever writes them, and the registry says what they mean', async () => {
    const shop = await open()
    const { tx, api } = shop.as()
    const { id } = await api.customers.create({ body: { traits: { plan: 'pro', shoe: 42 } } })
    await expect(
      api.customers.update({ params: { id }, body: { traits: { plan: 'gold' } } }),
    ).rejects.toMatchObject({ code: 'customers.invalid_traits', params: { issues: [{ path: 'plan' }] } })
    await tx((t) => t.get(CustomerEvents).identify(t, { ...who, traits: ShopTraits.of({ plan: 'free' }) }))
    await tx((t) => t.get(CustomerEvents).track(t, { who, ...ProductViewed.of({ sku: 'B', price: 2 }) }))

    expect((await api.customers.listTraitDefinitions({})).items).toMatchObject([
      { name: 'plan', kind: 'text', description: 'What they pay for' },
    ])
    const seen = await api.customers.listEventDefinitions({ query: { name: 'Product Viewed' } })
    expect(seen.items).toMatchObject([{ description: 'Somebody looked at a product' }])
  })

  test('a value from before the declaration stays until it is changed, and stands in nobody’s way', async () => {
    const shop = await open()
    const { tx, api } = shop.as()
    const { customerId } = (await tx((t) => t.get(CustomerEvents).identify(t, who)))!
    const params = { id: customerId }
    await tx((t) =>
      t.projection('as it was before the declaration', (db) =>
        db
          .updateTable('customers')
          .set({ traits: { plan: 'gold' } })
          .where('id', '=', customerId)
          .execute(),
      ),
    )
    await tx((t) => t.get(CustomerEvents).identify(t, { ...who, traits: { visits: 1 } }))
    const changed = await api.customers.update({ params, body: { traits: { plan: 'gold', visits: 2 } } })
    expect(changed.traits).toEqual({ plan: 'gold', visits: 2 })
    await expect(
      api.customers.update({ params, body: { traits: { plan: 'silver' } } }),
    ).rejects.toMatchObject({ code: 'customers.invalid_traits' })
  })

  test('an event that is declared twice is told at the start', async () => {
    const twice = [ProductViewed, ProductViewed]
    const open = createTestClientele({ storage, plugins: [customers({ events: twice })] })
    await expect(open).rejects.toThrow(/names an event twice/)
  })
})
