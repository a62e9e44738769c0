import { after, definePlugin } from '@clientele/core'
import { customers, CustomersMerged, Ingest } from '@clientele/plugin-customers'
import { WebhookEndpoints, webhooks } from '@clientele/plugin-webhooks'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

/** What happened long ago; a million of it by `npm run test:history`. */
const EVENTS = process.env['CLIENTELE_LONG'] === '1' ? 1_000_000 : 6000
const BATCH = 1000
const PEOPLE = 500

eachStorage((storage) => {
  test('history that is imported has no effect outside, unless it is asked for', async () => {
    const told = { outside: [] as string[], asked: [] as string[] }
    const hooks = definePlugin({
      id: 'hooks',
      version: '1.0.0',
      requires: { core: '*' },
      handlers: [
        after(CustomersMerged, 'tell-world', { effect: 'outside' }, async ({ payload: { mergeId } }) => {
          told.outside.push(mergeId)
        }),
        after(
          CustomersMerged,
          'tell-archive',
          { effect: 'outside', origins: ['live', 'import'] },
          async ({ payload: { mergeId } }) => {
            told.asked.push(mergeId)
          },
        ),
      ],
    })
    const shop = await createTestClientele({ storage, plugins: [customers(), webhooks(), hooks()] })
    const live = shop.as()
    const past = shop.as({ origin: 'import' })
    const subscriptions = { events: ['customers.merged'], customerEvents: [{ name: 'Product Viewed' }] }
    // Nothing is ever connected to at this address, and nothing of this says whether it could be.
    const url = 'https://10.9.8.7/hook'
    const make = (includeImports: boolean) =>
      live.tx((t) => t.get(WebhookEndpoints).create(t, { url, subscriptions, includeImports }))
    const endpoint = (await make(false)).endpoint.id
    const deliveriesTo = async (id: string) =>
      (
        await live.db.selectFrom('webhookDeliveries').select('type').where('endpointId', '=', id).execute()
      ).map(({ type }) => type)
    const send = (scope: typeof live, events: readonly object[]) =>
      scope.ctx.get(Ingest).ingest(scope.ctx, { events, sourceId: null })

    for (let from = 0; from < EVENTS; from += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, n) => eventOf(from + n))
      expect(await send(past, batch)).toEqual({ accepted: BATCH, duplicate: 0, rejected: [] })
    }
    const merges = await live.db.selectFrom('merges').select('id').execute()
    expect(merges.length).toBeGreaterThanOrEqual(100)
    // Whoever asked for imports is told of every merge, in a job each; nobody else has a job.
    expect(await shop.drain()).toBe(merges.length)
    expect(told.outside).toEqual([])
    expect(told.asked).toHaveLength(merges.length)
    expect(await deliveriesTo(endpoint)).toEqual([])

    const asked = (await make(true)).endpoint.id
    const meets = (name: string) => [
      { type: 'track', event: 'Product Viewed', anonymousId: `browser-${name}` },
      { type: 'identify', userId: name },
      { type: 'identify', userId: name, anonymousId: `browser-${name}` },
    ]
    for (const event of meets('again')) await send(past, [event])
    expect([await deliveriesTo(endpoint), await deliveriesTo(asked)]).toEqual([[], ['customers.merged']])
    for (const event of meets('now')) await send(live, [event])
    await shop.drain()
    expect(told.outside).toHaveLength(1)
    expect((await deliveriesTo(endpoint)).toSorted()).toEqual(['customers.event_tracked', 'customers.merged'])
  }, 3_600_000)
})

/** Nine views by a browser or a user, then the browser signs in: merges, late traits and all. */
function eventOf(n: number): object {
  const person = n % PEOPLE
  const common = {
    messageId: `history-${n}`,
    timestamp: new Date(Date.UTC(2020, 0, 1) + n * 60_000).toISOString(),
  }
  const round = Math.floor(n / PEOPLE)
  if (round === 2 && person < 150)
    return { ...common, type: 'identify', userId: `u${person}`, anonymousId: `a${person}` }
  if (round % 10 === 9) return { ...common, type: 'identify', userId: `u${person}`, traits: { round } }
  const who = round === 0 ? { anonymousId: `a${person}` } : { userId: `u${person}` }
  return { ...common, ...who, type: 'track', event: 'Product Viewed', properties: { sku: `sku-${n % 50}` } }
}
