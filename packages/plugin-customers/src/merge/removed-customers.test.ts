import { Customer, customers, Ingest, Merges } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  const open = async () => {
    const shop = await createTestClientele({ storage, plugins: [customers()] })
    const { ctx, tx } = shop.as()
    const ingest = (...events: readonly object[]) => {
      const rows = events.map((event) => ({ type: 'identify', messageId: crypto.randomUUID(), ...event }))
      return ctx.get(Ingest).ingest(ctx, { events: rows, sourceId: null })
    }
    const ownerOf = async (value: string) => {
      const row = await ctx.db
        .selectFrom('identities')
        .select('customerId')
        .where('value', '=', value)
        .executeTakeFirst()
      return row?.customerId
    }
    const eventsOf = async (customerId: string) =>
      (await ctx.db.selectFrom('events').select('id').where('customerId', '=', customerId).execute()).length
    return { shop, tx, ingest, ownerOf, eventsOf }
  }

  test('an event that names a removed customer and another is taken for the other, and its batch too', async () => {
    const { tx, ingest, ownerOf, eventsOf } = await open()
    await ingest({ userId: 'gone' }, { anonymousId: 'browser' })
    const [gone, there] = [(await ownerOf('gone'))!, (await ownerOf('browser'))!]
    await tx((t) => t.repo(Customer).remove(gone))

    const both = { userId: 'gone', anonymousId: 'browser' }
    expect(await ingest({ userId: 'neighbour' }, both)).toMatchObject({ accepted: 2, rejected: [] })
    expect([await eventsOf(gone), await eventsOf(there)]).toEqual([1, 2])

    await tx((t) => t.repo(Customer).restore(gone))
    expect(await ingest(both)).toMatchObject({ accepted: 1 })
    expect(await ownerOf('gone')).toBe(await ownerOf('browser'))
  })

  test('an event that names two removed customers is taken for one of them', async () => {
    const { tx, ingest, ownerOf, eventsOf } = await open()
    await ingest({ userId: 'gone' }, { anonymousId: 'browser' })
    const ids = [(await ownerOf('gone'))!, (await ownerOf('browser'))!]
    for (const id of ids) await tx((t) => t.repo(Customer).remove(id))
    expect(await ingest({ userId: 'gone', anonymousId: 'browser' })).toMatchObject({ accepted: 1 })
    expect([await eventsOf(ids[0]!), await eventsOf(ids[1]!)]).toEqual([2, 1])
  })

  test('a merge can be undone after somebody has restored the merged customer by hand', async () => {
    const { tx, ingest, ownerOf, eventsOf } = await open()
    await ingest({ userId: 'one' }, { userId: 'two' })
    const [one, two] = [(await ownerOf('one'))!, (await ownerOf('two'))!]
    const { id } = await tx((t) => t.get(Merges).merge(t, one, two, { cause: 'person' }))
    await tx((t) => t.repo(Customer).restore(two))

    await tx((t) => t.get(Merges).undo(t, id))
    expect([await ownerOf('one'), await ownerOf('two')]).toEqual([one, two])
    expect([await eventsOf(one), await eventsOf(two)]).toEqual([1, 1])
  })

  test('events of a removed customer wait with them: an undo shows them, and after 30 days they begin anew', async () => {
    const { shop, tx, ingest, ownerOf, eventsOf } = await open()
    const { api } = shop.as()
    // From now on the nights are known.
    await shop.drain()
    await ingest({ userId: 'u1', traits: { plan: 'free' } })
    const first = (await ownerOf('u1'))!
    await tx((t) => t.repo(Customer).remove(first))
    expect(await ingest({ userId: 'u1', traits: { plan: 'pro' } })).toMatchObject({ accepted: 1 })
    expect((await api.customers.list({})).items).toEqual([])
    await api.customers.restore({ params: { id: first } })
    expect(await eventsOf(first)).toBe(2)

    await tx((t) => t.repo(Customer).remove(first))
    shop.clock.advance('31d')
    await shop.drain()
    await ingest({ userId: 'u1' })
    const [only] = (await api.customers.list({})).items
    expect(only).toMatchObject({ activity: { eventCount: 1 } })
    expect(only!.id).not.toBe(first)
  })
})
