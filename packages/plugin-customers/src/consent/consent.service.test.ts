import { toTimestamp, fromTimestamp } from '@clientele/core'
import { Consents, customers, Merges } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage, seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'

const SEED = Number(process.env['CLIENTELE_SEED'] ?? 20261121)
const ROUNDS = process.env['CLIENTELE_LONG'] === '1' ? 40 : 4

eachStorage((storage) => {
  const open = () => createTestClientele({ storage, plugins: [customers()] })
  type Shop = Awaited<ReturnType<typeof open>>
  const newCustomer = async (shop: Shop, body: object = {}): Promise<string> =>
    (await shop.as().api.customers.create({ body })).id
  const accepts = async (shop: Shop, id: string): Promise<boolean> =>
    (await shop.as().api.customers.get({ params: { id } })).acceptsMarketing
  const said = (shop: Shop, customerId: string, consent: object): Promise<unknown> =>
    shop
      .as()
      .tx((t) =>
        t
          .get(Consents)
          .record(t, { customerId, purpose: 'marketing', via: 'form', state: 'granted', ...consent }),
      )
  const allows = (shop: Shop, customerId: string, channel?: string): Promise<boolean> => {
    const { ctx } = shop.as()
    return ctx.get(Consents).allows(ctx, customerId, { purpose: 'marketing', channel })
  }

  test('nothing said is no, and the latest answer counts, whenever it is told', async () => {
    const shop = await open()
    const id = await newCustomer(shop)
    expect(await allows(shop, id)).toBe(false)

    await said(shop, id, { at: '2026-01-10T00:00:00.000Z' })
    expect([await allows(shop, id), await accepts(shop, id)]).toEqual([true, true])
    await said(shop, id, { state: 'revoked', at: '2026-01-09T00:00:00.000Z' })
    expect([await allows(shop, id), await accepts(shop, id)]).toEqual([true, true])
    await said(shop, id, { state: 'revoked', at: '2026-01-11T00:00:00.000Z' })
    expect([await allows(shop, id), await accepts(shop, id)]).toEqual([false, false])
    const { items } = await shop.as().api.customers.consentsOf({ params: { id } })
    expect(items.map(({ at, state }) => `${at.slice(8, 10)} ${state}`)).toEqual([
      '11 revoked',
      '10 granted',
      '09 revoked',
    ])
  })

  test('of a channel and all channels the later answer counts', async () => {
    const shop = await open()
    const id = await newCustomer(shop)
    await said(shop, id, { channel: 'email', at: '2026-01-10T00:00:00.000Z' })
    expect([await allows(shop, id, 'email'), await allows(shop, id, 'sms'), await allows(shop, id)]).toEqual([
      true,
      false,
      false,
    ])
    await said(shop, id, { state: 'revoked', at: '2026-01-11T00:00:00.000Z' })
    expect(await allows(shop, id, 'email')).toBe(false)
    await said(shop, id, { channel: 'email', at: '2026-01-12T00:00:00.000Z' })
    expect([await allows(shop, id, 'email'), await allows(shop, id, 'sms')]).toEqual([true, false])
    // At the same instant the refusal counts.
    await said(shop, id, { state: 'denied', at: '2026-01-12T00:00:00.000Z' })
    expect(await allows(shop, id, 'email')).toBe(false)
  })

  test('acceptsMarketing speaks until the ledger does, and writing it goes into the ledger', async () => {
    const shop = await open()
    const { api } = shop.as()
    const id = await newCustomer(shop, { acceptsMarketing: true })
    expect(await allows(shop, id, 'email')).toBe(true)

    await api.customers.update({ params: { id }, body: { acceptsMarketing: false } })
    shop.clock.advance('1m')
    await api.customers.update({ params: { id }, body: { firstName: 'Ana' } })
    await api.customers.update({ params: { id }, body: { acceptsMarketing: true } })

    const { items } = await api.customers.consentsOf({ params: { id } })
    expect(items).toMatchObject([
      { purpose: 'marketing', channel: null, state: 'granted' },
      { purpose: 'marketing', channel: null, state: 'revoked' },
    ])
    expect(await allows(shop, id, 'email')).toBe(true)
  })

  test('preferences are the same ledger', async () => {
    const shop = await open()
    const id = await newCustomer(shop)
    const { ctx, tx } = shop.as()
    const set = (wanted: object) =>
      tx((t) => t.get(Consents).setPreferences(t, id, wanted, { via: 'preference-centre' }))

    expect(await set({ all: true, channels: { sms: false } })).toEqual({
      all: true,
      channels: { sms: false },
    })
    shop.clock.advance('1m')
    expect(await set({ channels: { sms: false, email: true } })).toEqual({
      all: true,
      channels: { sms: false },
    })
    shop.clock.advance('1m')
    expect(await set({ all: false, channels: { email: true } })).toEqual({
      all: false,
      channels: { sms: false, email: true },
    })
    expect(await accepts(shop, id)).toBe(false)
    expect(await ctx.get(Consents).of(ctx, id)).toMatchObject([
      { channel: null, state: 'revoked' },
      { channel: 'email', state: 'granted' },
      { channel: 'sms', state: 'revoked' },
    ])
  })

  test('a merge brings consents along, and taking it back returns them with the column', async () => {
    const shop = await open()
    const { tx } = shop.as()
    const survivor = await newCustomer(shop)
    const merged = await newCustomer(shop, { acceptsMarketing: true })

    const { id } = await tx((t) => t.get(Merges).merge(t, survivor, merged, { cause: 'person' }))
    expect([await allows(shop, survivor), await accepts(shop, survivor)]).toEqual([true, true])

    await tx((t) => t.get(Merges).undo(t, id))
    expect([await allows(shop, survivor), await accepts(shop, survivor)]).toEqual([false, false])
    expect([await allows(shop, merged), await accepts(shop, merged)]).toEqual([true, true])
  })

  test(`in any order of answers, merges and undoing, states are what the ledger says (seed ${SEED})`, async () => {
    const random = seededRandom(SEED)
    for (let round = 0; round < ROUNDS; round++) {
      const shop = await open()
      const { tx, db, ctx } = shop.as()
      const people = [await newCustomer(shop), await newCustomer(shop), await newCustomer(shop)]
      const merges: { readonly id: string; readonly mergedId: string }[] = []
      const gone = new Set<string>()
      for (let step = 0; step < 30; step++) {
        const there = people.filter((id) => !gone.has(id))
        const kind = random.pick(['say', 'say', 'say', 'column', 'merge', 'undo'] as const)
        if (kind === 'say') {
          const at = toTimestamp(fromTimestamp(ctx.now()) - Math.floor(random.number() * 5) * 1000)
          const state = random.pick(['granted', 'denied', 'revoked'] as const)
          const channel = random.pick([null, 'email', 'sms'])
          await said(shop, random.pick(there), {
            at,
            state,
            channel,
            purpose: random.pick(['marketing', 'profiling']),
          })
        } else if (kind === 'column') {
          const body = { acceptsMarketing: random.number() < 0.5 }
          await shop.as().api.customers.update({ params: { id: random.pick(there) }, body })
        } else if (kind === 'merge' && there.length > 1) {
          const [survivorId, mergedId] = there as [string, string]
          const { id } = await tx((t) => t.get(Merges).merge(t, survivorId, mergedId, { cause: 'person' }))
          merges.push({ id, mergedId })
          gone.add(mergedId)
        } else if (kind === 'undo') {
          const last = merges.pop()
          if (!last) continue
          await tx((t) => t.get(Merges).undo(t, last.id))
          gone.delete(last.mergedId)
        }
        const ledger = await db.selectFrom('consents').selectAll().orderBy('at').orderBy('id').execute()
        const wanted = new Map(
          ledger.map((one) => [
            `${one.customerId} ${one.purpose} ${one.channel ?? '*'}`,
            `${one.state} ${one.at}`,
          ]),
        )
        const states = await db.selectFrom('consentStates').selectAll().execute()
        const known = states.map((one): [string, string] => [
          `${one.customerId} ${one.purpose} ${one.channel}`,
          `${one.state} ${one.since}`,
        ])
        expect(known).toHaveLength(wanted.size)
        expect(new Map(known)).toEqual(wanted)
        for (const id of people.filter((one) => !gone.has(one))) {
          const state = wanted.get(`${id} marketing *`)
          expect(await accepts(shop, id)).toBe(state?.startsWith('granted') ?? false)
        }
        shop.clock.advance('1s')
      }
    }
  }, 60_000)
})

test('a consent of tomorrow is refused, and so is one of a customer who is not there', async () => {
  const shop = await createTestClientele({ plugins: [customers()] })
  const { api } = shop.as()
  const { id } = await api.customers.create({ body: {} })
  const body = { purpose: 'marketing', state: 'granted' } as const
  await expect(
    api.customers.recordConsent({ params: { id }, body: { ...body, at: '2026-01-16T12:00:00.000Z' } }),
  ).rejects.toMatchObject({ code: 'customers.consent_in_future' })
  const nobody = { id: '00000000-0000-7000-8000-000000000001' }
  await expect(api.customers.recordConsent({ params: nobody, body })).rejects.toMatchObject({
    code: 'entity.not_found',
  })
  const answer = await shop.fetch(`/api/v1/customers/${id}/consents`, {
    method: 'POST',
    body: { ...body, purpose: 'Marketing!', state: 'maybe' },
  })
  expect([answer.status, answer.text.includes('purpose'), answer.text.includes('state')]).toEqual([
    400,
    true,
    true,
  ])
})

test('what a customer agrees to stands in their details', async () => {
  const { api } = (await createTestClientele({ plugins: [customers()] })).as()
  const { id } = await api.customers.create({ body: {} })
  await api.customers.recordConsent({
    params: { id },
    body: { purpose: 'marketing', channel: 'email', state: 'granted', ip: '10.0.0.1' },
  })
  const { sections } = await api.customers.details({ params: { id } })
  expect(sections['consents']).toEqual([
    { purpose: 'marketing', channel: 'email', state: 'granted', since: '2026-01-15T12:00:00.000Z' },
  ])
})
