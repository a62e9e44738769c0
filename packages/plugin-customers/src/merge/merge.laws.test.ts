import { CustomerEvents, customers, Merges, type Identifier } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage, seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'

const SEED = Number(process.env['CLIENTELE_SEED'] ?? 20261121)
const ROUNDS = process.env['CLIENTELE_LONG'] === '1' ? 60 : 8
const STEPS = 40

eachStorage((storage) => {
  const open = () => createTestClientele({ storage, plugins: [customers()] })
  type Shop = Awaited<ReturnType<typeof open>>
  type Row = Record<string, unknown>

  /** Who has what: customers with their profile, and the owner of every event and identity. */
  const stateOf = async (shop: Shop) => {
    const { db, ctx } = shop.as()
    const people = (await db
      .selectFrom('customers')
      .select(['id', 'email', 'firstName', 'traits'])
      .orderBy('id')
      .execute()) as Row[]
    const activities = await db
      .selectFrom('customerActivities')
      .innerJoin('customers', 'customers.id', 'customerActivities.id')
      .select(['customers.id', 'eventCount', 'firstSeenAt', 'lastSeenAt'])
      .orderBy('customers.id')
      .execute()
    const events = await db.selectFrom('events').select(['id', 'customerId']).orderBy('id').execute()
    const identities = await db
      .selectFrom('identities')
      .select(['type', 'value', 'customerId'])
      .orderBy('type')
      .orderBy('value')
      .execute()
    const hidden = await ctx.dbWithRemoved.selectFrom('customers').select('id').execute()
    return { people, activities, events, identities, all: new Set(hidden.map(({ id }) => id)) }
  }

  const expectSound = ({
    people,
    activities,
    events,
    identities,
  }: Awaited<ReturnType<typeof stateOf>>): void => {
    const visible = new Set(people.map((one) => one['id']))
    for (const { customerId } of [...events, ...identities]) expect(visible).toContain(customerId)
    for (const { id, eventCount } of activities) {
      expect(eventCount).toBe(events.filter((one) => one.customerId === id).length)
    }
    const userIds = identities.filter(({ type }) => type === 'userId').map(({ customerId }) => customerId)
    expect(new Set(userIds).size, 'at most one user id a customer').toBe(userIds.length)
  }

  test(`in any order of events, merges and undoing, everything has exactly one owner (seed ${SEED})`, async () => {
    const random = seededRandom(SEED)
    for (let round = 0; round < ROUNDS; round++) {
      const shop = await open()
      const { tx } = shop.as()
      /** Merges made by hand that may be undone, with what stood before: the last is undone first. */
      const made: { readonly id: string; readonly before: Awaited<ReturnType<typeof stateOf>> }[] = []
      let sent = 0
      for (let step = 0; step < STEPS; step++) {
        const kind = random.pick(['event', 'event', 'event', 'batch', 'merge', 'undo'] as const)
        if (kind === 'merge') {
          const { people } = await stateOf(shop)
          if (people.length < 2) continue
          const [a, b] = [random.pick(people)['id'] as string, random.pick(people)['id'] as string]
          if (a === b) continue
          const before = await stateOf(shop)
          // Two who each have a user id are two people: only a person may say otherwise, and here nobody does.
          const users = before.identities.filter(({ type }) => type === 'userId').map((one) => one.customerId)
          if (users.includes(a) && users.includes(b)) continue
          const { id } = await tx((t) => t.get(Merges).merge(t, a, b, { cause: 'person' }))
          made.push({ id, before })
        } else if (kind === 'undo') {
          const last = made.pop()
          if (!last) continue
          await tx((t) => t.get(Merges).undo(t, last.id))
          const after = await stateOf(shop)
          expect(after).toEqual(last.before)
        } else {
          made.splice(0)
          const count = kind === 'batch' ? 5 : 1
          const messages = Array.from({ length: count }, () => {
            sent++
            return {
              ...{ type: 'track' as const, name: 'Seen', messageId: `m${sent}`, properties: {}, context: {} },
              identifiers: someIdentifiers(),
              traits: random.maybe(() => ({ firstName: random.pick(['Ana', 'Eva']), plan: 'pro' })) ?? {},
              occurredAt: shop.as().ctx.now(),
            }
          })
          const outcomes = await tx((t) =>
            t.get(CustomerEvents).append(t, messages, { sourceId: null, receivedAt: t.now() }),
          )
          expect(outcomes.every((one) => one.kind === 'accepted')).toBe(true)
          for (const [place, one] of outcomes.entries()) {
            if (one.kind !== 'accepted') continue
            const { events } = await stateOf(shop)
            const owner = events.find((event) => event.id === one.eventId)?.customerId
            expect(owner, `event ${messages[place]!.messageId}`).toBe(one.customerId)
          }
        }
        const state = await stateOf(shop)
        expect(state.events.length).toBe(sent)
        expectSound(state)
      }
    }

    function someIdentifiers(): Identifier[] {
      const some: Identifier[] = []
      if (random.number() < 0.7) some.push({ type: 'anonymousId', value: `a${random.pick([1, 2, 3, 4])}` })
      if (random.number() < 0.4) some.push({ type: 'userId', value: `u${random.pick([1, 2, 3])}` })
      if (random.number() < 0.3) some.push({ type: 'email', value: `e${random.pick([1, 2, 3])}@example.com` })
      return some.length > 0 ? some : [{ type: 'anonymousId', value: 'a1' }]
    }
  }, 120_000)

  test('merges that follow each other are undone from the last to the first', async () => {
    const shop = await open()
    const { tx, api } = shop.as()
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map(async (firstName) => (await api.customers.create({ body: { firstName } })).id),
    )
    const first = await api.customers.mergeCustomer({ params: { id: b! }, body: { mergedId: a! } })
    const second = await api.customers.mergeCustomer({ params: { id: c! }, body: { mergedId: b! } })

    await expect(api.customers.undoMerge({ params: { id: first.id } })).rejects.toMatchObject({
      code: 'customers.merge_followed',
      params: { mergeId: second.id },
    })
    await expect(api.customers.restore({ params: { id: a! } })).rejects.toMatchObject({
      code: 'customers.merged',
    })
    await api.customers.undoMerge({ params: { id: second.id } })
    await api.customers.undoMerge({ params: { id: first.id } })
    await expect(api.customers.undoMerge({ params: { id: first.id } })).rejects.toMatchObject({
      code: 'customers.merge_undone',
    })
    expect((await api.customers.list({})).items).toHaveLength(3)
    await expect(tx((t) => t.get(Merges).merge(t, a!, a!, { cause: 'person' }))).rejects.toMatchObject({
      code: 'customers.merge_self',
    })
  })

  test('writers who name the same person at once make one customer', async () => {
    const shop = await open()
    const send = (n: number) =>
      shop.as().tx((t) =>
        t.get(CustomerEvents).track(t, {
          who: {
            identifiers: [
              { type: 'anonymousId', value: `a${n % 3}` },
              { type: 'userId', value: 'u1' },
            ],
          },
          name: 'Seen',
        }),
      )
    await Promise.all(Array.from({ length: 40 }, (_, n) => send(n)))

    const state = await stateOf(shop)
    expect(state.people).toHaveLength(1)
    expect(state.events).toHaveLength(40)
    expectSound(state)
  })
})
