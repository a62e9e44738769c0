import { CustomerEvents, customers, Ingest, Merges } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage, seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  const open = async () => {
    const shop = await createTestClientele({
      storage,
      plugins: [customers()],
      now: '2026-06-01T00:00:00.000Z',
    })
    const { tx, ctx, db } = shop.as()
    const said = (day: number, traits: object, userId = 'u1') => ({
      type: 'identify',
      userId,
      traits,
      timestamp: `2026-05-${String(day).padStart(2, '0')}T12:00:00Z`,
    })
    const send = (...events: object[]) => ctx.get(Ingest).ingest(ctx, { events, sourceId: null })
    const people = () =>
      db.selectFrom('customers').select(['firstName', 'country', 'traits']).orderBy('id').execute()
    return { shop, tx, said, send, people }
  }

  test('an event that comes late does not undo what a later one said; what only it says counts', async () => {
    const { said, send, people } = await open()
    await send(said(10, { plan: 'pro', first_name: 'Ana', old: 1 }), said(12, { old: null }))
    await send(
      said(5, { plan: 'free', name: 'Anna Souza', old: 2, size: 7, address: { country: 'Brazil' } }),
      said(11, { size: 8 }),
    )
    expect(await people()).toEqual([
      {
        firstName: 'Ana',
        country: 'BR',
        traits: { plan: 'pro', size: 8, name: 'Anna Souza', address: { country: 'Brazil' } },
      },
    ])
  })

  test('whatever the order and the batches in which events come, the last by their time is what is known', async () => {
    const random = seededRandom(11)
    for (let round = 0; round < 8; round++) {
      const { said, send, people } = await open()
      const events = Array.from({ length: 14 }, (_, n) =>
        said(n + 1, random.pick([{ a: n }, { b: n }, { a: null }, { a: n, b: n }, { firstName: `N${n}` }])),
      )
      const last: Record<string, unknown> = {}
      for (const { traits } of events) Object.assign(last, traits)
      const mixed = events.toSorted(() => random.number() - 0.5)
      while (mixed.length > 0) await send(...mixed.splice(0, 1 + Math.floor(random.number() * 5)))

      const { firstName = null, ...traits } = last
      const known = Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== null))
      expect(await people(), `round ${round}`).toEqual([{ firstName, country: null, traits: known }])
    }
  })

  test('what an event said goes with it through a merge and back', async () => {
    const { tx, said, send, people, shop } = await open()
    await send(said(10, { plan: 'pro' }, 'u1'), said(20, { color: 'red' }, 'u2'))
    const idOf = async (value: string) =>
      (await shop.as().api.customers.findIdentities({ query: { value } })).items[0]!.customerId
    const [one, two] = [await idOf('u1'), await idOf('u2')]
    const { id } = await tx((t) => t.get(Merges).merge(t, one, two, { cause: 'person' }))
    await send(said(15, { color: 'blue' }, 'u1'))
    expect(await people()).toMatchObject([{ traits: { plan: 'pro', color: 'red' } }])
    await tx((t) => t.get(Merges).undo(t, id))
    await send(said(16, { color: 'green' }, 'u1'))
    expect(await people()).toMatchObject([
      { traits: { plan: 'pro', color: 'green' } },
      { traits: { color: 'red' } },
    ])
  })

  test('code of the same process may say when it was', async () => {
    const { tx, people } = await open()
    const identifiers = [{ type: 'userId', value: 'u1' }]
    const identify = (occurredAt: string, plan: string) =>
      tx((t) => t.get(CustomerEvents).identify(t, { identifiers, traits: { plan }, occurredAt }))
    await identify('2026-05-02T00:00:00.000Z', 'pro')
    await identify('2026-05-01T00:00:00.000Z', 'free')
    expect(await people()).toMatchObject([{ traits: { plan: 'pro' } }])
  })
})
