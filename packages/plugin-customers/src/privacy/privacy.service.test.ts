import {
  Consents,
  Customer,
  CustomerEvents,
  customers,
  Merges,
  Privacy,
  Suppressions,
} from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'

eachStorage((storage) => {
  const open = () => createTestClientele({ storage, plugins: [customers()] })
  type Shop = Awaited<ReturnType<typeof open>>
  const newCustomer = async (shop: Shop, firstName: string): Promise<string> => {
    const email = `${firstName.toLowerCase()}@example.com`
    const { id } = await shop.as().api.customers.create({
      body: { firstName, email, source: 'old-shop', externalId: firstName, traits: { nickname: firstName } },
    })
    await shop
      .as()
      .tx((t) => t.get(CustomerEvents).track(t, { who: { customerId: id }, name: `${firstName} came` }))
    return id
  }
  const merge = (shop: Shop, survivorId: string, mergedId: string) =>
    shop.as().tx((t) => t.get(Merges).merge(t, survivorId, mergedId, { cause: 'person' }))
  const erase = (shop: Shop, id: string, options = {}) =>
    shop.as().tx((t) => t.get(Privacy).eraseCustomer(t, id, options))

  test('an export holds everything of the person and of those merged into them, and nobody else’s', async () => {
    const shop = await open()
    const [ana, eva, rui] = [
      await newCustomer(shop, 'Ana'),
      await newCustomer(shop, 'Eva'),
      await newCustomer(shop, 'Rui'),
    ]
    await merge(shop, ana, eva)

    const answer = await shop.fetch(`/api/v1/customers/${eva}/export`)

    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="customer-${eva}.json"`)
    expect(answer.json).toMatchObject({ customerId: ana, customerIds: [ana, eva] })
    const rows = answer.json.rows as { entity: string; row: Record<string, unknown> }[]
    const names = rows.filter(({ entity }) => entity === 'events').map(({ row }) => row['name'])
    expect(names).toEqual(['Ana came', 'Eva came'])
    const people = rows.filter(({ entity }) => entity === 'customers').map(({ row }) => row['firstName'])
    expect(people).toEqual(['Ana', 'Eva'])
    expect(answer.text).not.toContain(rui)
    const missing = await shop.fetch(`/api/v1/customers/${ana.replace(/.$/, 'f').replace(/^./, 'f')}/export`)
    expect(missing.status).toBe(404)
  })

  test('who is erased is gone with all that were merged into them, for good', async () => {
    const shop = await open()
    const { api, ctx, tx } = shop.as()
    const [ana, eva, rui] = [
      await newCustomer(shop, 'Ana'),
      await newCustomer(shop, 'Eva'),
      await newCustomer(shop, 'Rui'),
    ]
    const merged = await merge(shop, ana, eva)
    await tx((t) =>
      t
        .get(Consents)
        .record(t, { customerId: ana, purpose: 'marketing', state: 'granted', via: 'form', ip: '10.0.0.1' }),
    )

    const erased = await api.customers.eraseCustomer({ params: { id: eva }, body: {} })

    expect(erased.customerIds).toEqual([ana, eva])
    expect(erased.counts).toContainEqual({
      entity: 'consents',
      column: 'customerId',
      rows: 1,
      how: 'anonymise',
    })
    expect((await api.customers.list()).items.map(({ id }) => id)).toEqual([rui])
    expect((await api.customers.list({ query: { q: 'Ana' } })).items).toEqual([])
    const left = await ctx.dbWithRemoved
      .selectFrom('customers')
      .select(['firstName', 'email', 'externalId', 'traits', 'deletedAt'])
      .where('id', 'in', [ana, eva])
      .execute()
    for (const row of left)
      expect(row).toEqual({
        firstName: null,
        email: null,
        externalId: null,
        traits: {},
        deletedAt: expect.any(String),
      })
    const ledger = await ctx.db.selectFrom('consents').select(['customerId', 'ip', 'state']).execute()
    expect(ledger).toEqual([{ customerId: null, ip: null, state: 'granted' }])
    expect(await ctx.db.selectFrom('consentStates').select('id').execute()).toEqual([])
    for (const what of [
      () => api.customers.restore({ params: { id: ana } }),
      () => api.customers.restore({ params: { id: eva } }),
      () => api.customers.undoMerge({ params: { id: merged.id } }),
      () => erase(shop, ana),
      () => api.customers.exportCustomer({ params: { id: ana } }),
    ])
      await expect(what()).rejects.toMatchObject({ code: 'customers.erased' })
    const { items } = await api.customers.listErasures()
    expect(items.map(({ customerId }) => customerId).toSorted()).toEqual([ana, eva].toSorted())
    expect(JSON.stringify(items)).not.toMatch(/ana|eva/i)
  })

  test('addresses of the erased stay suppressed for marketing, unless asked otherwise', async () => {
    const shop = await open()
    const { ctx } = shop.as()
    await erase(shop, await newCustomer(shop, 'Ana'))
    await erase(shop, await newCustomer(shop, 'Eva'), { suppress: false })
    const is = (email: string, scope: 'marketing' | 'all') =>
      ctx.get(Suppressions).isSuppressed(ctx, { email, scope })
    expect([await is('ana@example.com', 'marketing'), await is('ana@example.com', 'all')]).toEqual([
      true,
      false,
    ])
    expect(await is('eva@example.com', 'marketing')).toBe(false)
  })

  test('a removed customer can be erased, and who comes anew is somebody else', async () => {
    const shop = await open()
    const { api } = shop.as()
    const id = await newCustomer(shop, 'Ana')
    await api.customers.remove({ params: { id } })
    expect((await erase(shop, id)).customerIds).toEqual([id])
    const again = await newCustomer(shop, 'Ana')
    expect(again).not.toBe(id)
  })

  test('who came back with a backup is erased again, and nobody beside them', async () => {
    const shop = await open()
    const { api, ctx, tx } = shop.as()
    const [ana, eva] = [await newCustomer(shop, 'Ana'), await newCustomer(shop, 'Eva')]
    const unlisted = await merge(shop, eva, ana)
    // The backup is from before Ana was erased, when she was taken for Eva.
    expect(await ctx.get(Privacy).replayErasures(ctx, [{ customerId: ana }])).toBe(1)

    expect(await ctx.get(Privacy).replayErasures(ctx, [{ customerId: ana }])).toBe(0)
    const { items } = await api.customers.list()
    expect(items).toMatchObject([{ id: eva, firstName: 'Eva' }])
    const events = await ctx.db.selectFrom('events').select('name').execute()
    expect(events).toEqual([{ name: 'Eva came' }])
    await expect(tx((t) => t.get(Merges).undo(t, unlisted.id))).rejects.toMatchObject({
      code: 'customers.erased',
    })
  })

  test('without a list those are erased again whom the database knows as erased and shows all the same', async () => {
    const shop = await open()
    const { ctx, tx, db } = shop.as()
    const [ana, eva] = [await newCustomer(shop, 'Ana'), await newCustomer(shop, 'Eva')]
    await erase(shop, ana)
    expect(await ctx.get(Privacy).replayErasures(ctx)).toBe(0)
    await tx((t) =>
      t.projection('as a table that was restored by itself', async (all) => {
        const events = { customerId: ana, type: 'track', name: 'Ana came', messageId: 'm1' } as const
        const times = { occurredAt: t.now(), receivedAt: t.now(), createdAt: t.now(), updatedAt: t.now() }
        await all
          .insertInto('events')
          .values({ id: t.newId(), version: 1, ...events, ...times })
          .execute()
      }),
    )
    await tx((t) => t.repo(Customer).restore(ana, { within: 'ever' }))
    await tx((t) => t.repo(Customer).patch(ana, { firstName: 'Ana' }))

    expect(await ctx.get(Privacy).replayErasures(ctx)).toBe(1)

    expect((await db.selectFrom('customers').select('id').execute()).map(({ id }) => id)).toEqual([eva])
    expect(await db.selectFrom('events').select('name').execute()).toEqual([{ name: 'Eva came' }])
  })

  test('events are kept for ever until the tenant says otherwise; rejected ones for 30 days', async () => {
    const shop = await open()
    const { api, tx, db } = shop.as()
    const { id } = await api.customers.create({ body: {} })
    const at = (occurredAt: string) =>
      tx((t) => t.get(CustomerEvents).track(t, { who: { customerId: id }, name: occurredAt, occurredAt }))
    for (const month of ['2025-10', '2025-11', '2025-12', '2026-01']) await at(`${month}-16T11:00:00.000Z`)
    const names = async (): Promise<string[]> =>
      (await db.selectFrom('events').select('name').orderBy('name').execute()).map((one) =>
        one.name.slice(0, 7),
      )
    shop.clock.advance('1d')
    await shop.drain()
    expect(await names()).toHaveLength(4)

    await api.core.updateSettings({ params: { name: 'customers' }, body: { keepEventsMonths: 2 } })
    shop.clock.advance('1d')
    await shop.drain()

    expect(await names()).toEqual(['2025-12', '2026-01'])
    const { items } = await api.customers.list({ query: { sort: '-activity.eventCount' } })
    expect(items).toMatchObject([{ activity: { eventCount: 2 } }])
  })

  test('rejected events go after their days', async () => {
    const shop = await open()
    const { api } = shop.as()
    const { writeKey } = await api.customers.createSource({ body: { name: 'web' } })
    const body = JSON.stringify({ writeKey, batch: ['x'] })
    await shop.fetch('/v1/batch', { method: 'POST', body, as: null })
    const left = async (): Promise<number> =>
      (await shop.fetch('/api/v1/rejected-events')).json.items.length as number
    shop.clock.advance('29d')
    await shop.drain()
    expect(await left()).toBe(1)
    shop.clock.advance('2d')
    await shop.drain()
    expect(await left()).toBe(0)
  })
})

test('only who may erase can', async () => {
  const shop = await createTestClientele({ plugins: [customers()] })
  const { id } = await shop.as().api.customers.create({ body: {} })
  const as = { permissions: ['customers:read', 'customers:write'] }
  const erase = () => shop.fetch(`/api/v1/customers/${id}/erase`, { method: 'POST', body: {}, as })
  expect((await erase()).status).toBe(403)
  expect((await shop.fetch(`/api/v1/customers/${id}/export`, { as })).status).toBe(403)
})
