import { CustomerEvents, customers, Merges, type Identifier } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

const known = (...pairs: readonly string[]): Identifier[] =>
  pairs.map((pair) => ({ type: pair.split(':')[0]!, value: pair.slice(pair.indexOf(':') + 1) }))

eachStorage((storage) => {
  const open = () => createTestClientele({ storage, plugins: [customers()] })
  type Shop = Awaited<ReturnType<typeof open>>
  const track = (shop: Shop, identifiers: Identifier[], messageId?: string) =>
    shop.as().tx((t) =>
      t.get(CustomerEvents).track(t, {
        who: { identifiers },
        name: 'Product Viewed',
        ...(messageId === undefined ? {} : { messageId }),
      }),
    )
  const eventsOf = async (shop: Shop, customerId: string): Promise<number> =>
    (await shop.as().db.selectFrom('events').select('id').where('customerId', '=', customerId).execute())
      .length

  test('who is unknown becomes a customer, and is the same one the next time', async () => {
    const shop = await open()
    const first = await track(shop, known('anonymousId:a1'))
    const again = await track(shop, known('anonymousId:a1', 'userId:u1'))
    const later = await track(shop, known('userId:u1'))

    expect(again?.customerId).toBe(first?.customerId)
    expect(later?.customerId).toBe(first?.customerId)
    const { items } = await shop.as().api.customers.list({ query: { sort: '-activity.eventCount' } })
    expect(items).toMatchObject([{ activity: { eventCount: 3 } }])
  })

  test('a message is heard once, whoever repeats it', async () => {
    const shop = await open()
    const first = await track(shop, known('userId:u1'), 'm1')
    const again = await track(shop, known('userId:u2'), 'm1')

    expect(again).toEqual({ customerId: first?.customerId, duplicate: true })
    expect(await eventsOf(shop, first!.customerId)).toBe(1)
  })

  test('two customers that turn out to be one are merged, and can be two again', async () => {
    const shop = await open()
    const browser = await track(shop, known('anonymousId:a1'))
    const account = await track(shop, known('userId:u1'))
    const both = await track(shop, known('anonymousId:a1', 'userId:u1'))

    expect(both?.customerId).toBe(account?.customerId)
    expect(await eventsOf(shop, account!.customerId)).toBe(3)
    const merge = await shop.as().db.selectFrom('merges').select('id').executeTakeFirstOrThrow()

    await shop.as().tx((t) => t.get(Merges).undo(t, merge.id))

    expect(await eventsOf(shop, browser!.customerId)).toBe(1)
    // What came after the merge stays with the survivor.
    expect(await eventsOf(shop, account!.customerId)).toBe(2)
    expect((await track(shop, known('anonymousId:a1')))?.customerId).toBe(browser?.customerId)
  })

  test('another user on the same device is another customer', async () => {
    const shop = await open()
    const ana = await track(shop, known('anonymousId:shared', 'userId:ana'))
    const eva = await track(shop, known('anonymousId:shared', 'userId:eva'))

    expect(eva?.customerId).not.toBe(ana?.customerId)
    expect((await track(shop, known('anonymousId:shared')))?.customerId).toBe(ana?.customerId)
    expect(await shop.as().db.selectFrom('merges').select('id').execute()).toEqual([])
  })

  test('values that many people share name nobody', async () => {
    const shop = await open()
    for (const value of ['null', 'undefined', '0000', 'anonymous', '-1', ' ']) {
      expect(await track(shop, known(`userId:${value}`)), value).toBeNull()
    }
    expect(await shop.as().db.selectFrom('customers').select('id').execute()).toEqual([])
  })

  test('what an identify says changes the profile; what no column holds becomes a trait', async () => {
    const shop = await open()
    const identify = (traits: Record<string, unknown>) =>
      shop.as().tx((t) => t.get(CustomerEvents).identify(t, { identifiers: known('userId:u1'), traits }))
    const who = await identify({ name: 'Ana Souza', email: 'ANA@example.com', plan: 'pro', phone: 5 })
    await identify({ plan: null, address: { country: 'BR' }, score: 7 })

    expect(await shop.as().api.customers.get({ params: { id: who!.customerId } })).toMatchObject({
      firstName: 'Ana',
      lastName: 'Souza',
      email: 'ana@example.com',
      phone: null,
      country: 'BR',
      traits: { phone: 5, score: 7, address: { country: 'BR' } },
    })
  })

  test('facts of other plugins stand on the timeline once', async () => {
    const shop = await open()
    const { id } = await shop.as().api.customers.create({ body: { firstName: 'Ana' } })
    for (let times = 0; times < 2; times++) {
      await shop
        .as()
        .tx((t) => t.get(CustomerEvents).record(t, [{ customerId: id, name: 'order.placed', key: 'o1' }]))
    }
    const events = await shop.as().db.selectFrom('events').select(['type', 'name']).execute()
    expect(events).toEqual([{ type: 'fact', name: 'order.placed' }])
  })

  test('names of events and traits are known from the first time they are seen', async () => {
    const shop = await open()
    await track(shop, known('userId:u1'))
    await track(shop, known('userId:u1'))
    for (const score of [1, 'high']) {
      await shop
        .as()
        .tx((t) =>
          t
            .get(CustomerEvents)
            .identify(t, { identifiers: known('userId:u1'), traits: { score, vip: true } }),
        )
    }
    const { api } = shop.as()
    const events = await api.customers.listEventDefinitions({ query: { sort: 'name' } })
    expect(events.items).toMatchObject([
      { type: 'track', name: 'Product Viewed' },
      { type: 'identify', name: 'identify' },
    ])
    const traits = await api.customers.listTraitDefinitions({ query: { sort: 'name' } })
    expect(traits.items).toMatchObject([
      { name: 'score', kind: 'mixed' },
      { name: 'vip', kind: 'boolean' },
    ])
  })

  test('a customer made by hand is known by the address', async () => {
    const shop = await open()
    const { id } = await shop.as().api.customers.create({ body: { email: 'ana@example.com' } })

    const seen = await track(shop, known('email:ana@example.com', 'anonymousId:a9'))

    expect(seen?.customerId).toBe(id)
    expect((await track(shop, known('anonymousId:a9')))?.customerId).toBe(id)
  })
})
