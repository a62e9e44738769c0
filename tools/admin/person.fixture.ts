import { CustomerEvents } from '@clientele/plugin-customers'
import type { Shop } from '../../examples/shop/src/shop.ts'

/** What she did, the latest last. */
const DONE = [
  ['Product Viewed', { sku: 'TEA-1', name: 'Green tea', price: 12.5 }],
  ['Product Added', { sku: 'TEA-1', quantity: 2 }],
  ['Checkout Started', { value: 25 }],
  ['Newsletter Opened', {}],
] as const

/** Everything that can be known of somebody: the last of the customers has it, and another one has her number. */
export async function fillPerson(shop: Shop): Promise<void> {
  const { api, ctx } = shop.as()
  const { id } = (await api.customers.list({ query: { email: 'person-119@example.com' } })).items[0]!
  const double = (await api.customers.list({ query: { email: 'person-111@example.com' } })).items[0]!
  const phone = '+447400123456'
  await api.customers.update({
    params: { id },
    body: {
      phone,
      locale: 'en-GB',
      traits: { shoeSize: 38, favouriteColours: ['red', 'green'], isMember: true },
    },
  })
  await api.customers.update({
    params: { id: double.id },
    body: { phone, timeZone: 'Europe/London', traits: { petName: 'Rex' } },
  })
  await api.customers.changeTags({ params: { id }, body: { add: ['vip', 'tea'] } })
  await api.customers.addNote({ params: { id }, body: { text: 'Wants to be called after six.\nLikes tea.' } })
  for (const state of ['granted', 'revoked'] as const)
    await api.customers.recordConsent({
      params: { id },
      body: { purpose: 'marketing', channel: 'sms', state, via: 'form', textVersion: '2026-05' },
    })
  await api.customers.recordConsent({
    params: { id },
    body: { purpose: 'marketing', channel: 'email', state: 'granted', via: 'double-opt-in' },
  })
  const identifiers = [
    { type: 'email', value: 'person-119@example.com' },
    { type: 'userId', value: 'u-119' },
  ]
  await ctx.tx(async (t) => {
    const events = t.get(CustomerEvents)
    await events.identify(t, { identifiers })
    for (let n = 0; n < 60; n++) {
      const [name, properties] = DONE[n % DONE.length]!
      const occurredAt = new Date(Date.now() - (60 - n) * 5 * 3_600_000).toISOString()
      await events.track(t, {
        who: { customerId: id },
        name,
        properties,
        occurredAt,
        messageId: `person-${n}`,
      })
    }
  })
  for (const amount of [2500, 45_000])
    await api.orders.create({
      body: {
        customerId: id,
        state: 'paid',
        lines: [{ sku: 'TEA-1', name: 'Green tea', quantity: 2, unitPrice: { amount, currency: 'EUR' } }],
      },
    })
  await api.segments.create({
    body: {
      name: 'Tea in Britain',
      condition: {
        all: [
          { type: 'attribute', field: 'country', operator: 'is', value: 'GB' },
          { type: 'metric', field: 'orderCount', operator: 'gte', value: 1 },
        ],
      },
    },
  })
}
