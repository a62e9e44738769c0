import { FactWatchers, type FactChange, type FactKey, type TouchedFacts } from '@clientele/conditions'
import { definePlugin, type Tx } from '@clientele/core'
import {
  Consents,
  Customer,
  CustomerEvents,
  customers,
  Merges,
  Privacy,
  Tags,
} from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  async function open() {
    const heard: TouchedFacts[] = []
    const watcher = definePlugin({
      id: 'watcher',
      version: '1.0.0',
      requires: { core: '^0.1.0', plugins: { customers: '^0.1.0' } },
      dependsOn: [customers],
      contributes: [
        FactWatchers.add({ id: 'test', factsChanged: async (_, touched) => void heard.push(touched) }),
      ],
    })
    const shop = await createTestClientele({ storage, plugins: [customers(), watcher()] })
    const { tx } = shop.as()
    /** What a transaction touched, by customer; each watcher hears of it once. */
    const touched = async (work: (t: Tx) => Promise<unknown>) => {
      heard.length = 0
      await tx(work)
      expect(heard.length).toBeLessThanOrEqual(1)
      return Object.fromEntries(
        [...(heard[0] ?? [])].map(([id, facts]) => [id, [...facts].map(named).toSorted()]),
      )
    }
    return { shop, tx, touched, heard }
  }

  test('a change of a customer says which columns and traits changed, and no others', async () => {
    const { tx, touched } = await open()
    const traits = { plan: 'free', size: { feet: 42 }, same: [1] }
    const { id } = await tx((t) => t.repo(Customer).insert({ traits }))
    const more = { plan: 'pro', size: { feet: 43 }, same: [1], more: 1 }
    expect(
      await touched((t) => t.repo(Customer).patch(id, { country: 'BR', status: 'active', traits: more })),
    ).toEqual({
      [id]: ['customers.country', 'customers.traits.more', 'customers.traits.plan', 'customers.traits.size'],
    })
    expect(await touched((t) => t.repo(Customer).patch(id, { country: 'BR' }))).toEqual({})
    expect(await touched((t) => t.repo(Customer).remove(id))).toEqual({ [id]: ['*'] })
    expect(await touched((t) => t.repo(Customer).restore(id))).toEqual({ [id]: ['*'] })
  })

  test('events, consents and tags say whose they are and which', async () => {
    const { tx, touched } = await open()
    const { id } = await tx((t) => t.repo(Customer).insert({}))
    const who = { customerId: id }
    expect(
      await touched(async (t) => {
        await t.get(CustomerEvents).track(t, { who, name: 'Product Viewed' })
        await t.get(CustomerEvents).record(t, [{ customerId: id, name: 'order.placed', key: '1' }])
      }),
    ).toEqual({ [id]: ['+events.Product Viewed', '+events.order.placed', 'customerActivities.*'] })
    const consent = { customerId: id, purpose: 'marketing', state: 'granted', via: 'form' } as const
    expect(await touched((t) => t.get(Consents).record(t, consent))).toEqual({
      [id]: ['consents.marketing', 'customers.acceptsMarketing'],
    })
    expect(await touched((t) => t.get(Tags).change(t, [id], { add: ['vip'] }))).toEqual({
      [id]: ['tags.vip'],
    })
    expect(await touched((t) => t.get(Tags).change(t, [id], { remove: ['vip'] }))).toEqual({
      [id]: ['tags.vip'],
    })
  })

  test('merges, their undoing and erasures touch everything of both', async () => {
    const { tx, touched } = await open()
    const [a, b] = await tx((t) => t.repo(Customer).insertMany([{ email: 'a@example.com' }, {}]))
    let mergeId = ''
    const merge = async (t: Tx) => {
      mergeId = (await t.get(Merges).merge(t, a!.id, b!.id, { cause: 'person' })).id
    }
    expect(await touched(merge)).toMatchObject({ [a!.id]: ['*'], [b!.id]: ['*'] })
    expect(await touched((t) => t.get(Merges).undo(t, mergeId))).toMatchObject({
      [a!.id]: ['*'],
      [b!.id]: ['*'],
    })
    expect(await touched((t) => t.get(Privacy).eraseCustomer(t, a!.id))).toMatchObject({
      [a!.id]: expect.arrayContaining(['*']),
    })
  })

  test('a new customer of an event is touched whole, and old events that are removed are told of', async () => {
    const { shop, tx, heard } = await open()
    const found = await tx((t) =>
      t.get(CustomerEvents).track(t, {
        who: { identifiers: [{ type: 'userId', value: 'u1' }] },
        name: 'Old',
        occurredAt: '2020-01-01T00:00:00.000Z',
      }),
    )
    expect([...heard.at(-1)!.get(found!.customerId)!].map(named)).toEqual([
      '*',
      '+events.Old',
      'customerActivities.*',
      'identities.userId',
    ])
    const { api } = shop.as()
    await api.core.updateSettings({ params: { name: 'customers' }, body: { keepEventsMonths: 12 } })
    shop.clock.advance('1d')
    await shop.drain()
    heard.length = 0
    shop.clock.advance('1d')
    await shop.drain()
    expect(heard.flatMap((touched) => [...touched.get(found!.customerId)!].map(named))).toEqual([
      'events.*',
      'customerActivities.*',
    ])
  })
})

/** What grew, with a plus. */
function named([fact, change]: readonly [FactKey, FactChange]): string {
  return change === 'grew' ? `+${fact}` : fact
}
