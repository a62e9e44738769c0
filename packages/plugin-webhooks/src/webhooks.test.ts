import { defineDomainEvent, definePlugin } from '@clientele/core'
import { CustomerEvents, customers, Privacy } from '@clientele/plugin-customers'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Upkeep } from './delivery/upkeep.jobs.ts'
import { reachAll, receiver, verify, type Received } from './receiver.fixture.ts'
import { WebhookEndpointDisabled } from './webhooks.events.ts'
import { webhooks } from './webhooks.plugin.ts'

const Paid = defineDomainEvent('shop.paid', z.object({ order: z.string(), customerId: z.guid().optional() }))
const shop = definePlugin({ id: 'shop', version: '1.0.0', requires: { core: '*' }, events: [Paid] })

eachStorage((storage) => {
  const open = async (subscriptions: object = { events: ['shop.paid'] }) => {
    const to = await receiver()
    const plugins = [customers(), webhooks({ allowHttp: true }), shop()] as const
    const t = await createTestClientele({ storage, plugins, overrides: [reachAll()] })
    const { api, tx } = t.as()
    const body = { url: to.url, subscriptions } as never
    const { endpoint, secret } = await api.webhooks.create({ body })
    const pay = (order: string, customerId?: string) =>
      tx((work) => work.emit(Paid, { order, ...(customerId ? { customerId } : {}) }))
    const only = async () => (await api.webhooks.listDeliveries()).items[0]!
    return { t, api, tx, to, id: endpoint.id, secret, pay, only }
  }
  const idOf = ({ headers }: Received) => headers['webhook-id']

  test('an event arrives, signed as the specification says', async () => {
    const { t, api, to, secret, pay, only } = await open()
    await pay('o1')
    expect(to.seen).toEqual([])
    await t.drain()
    const now = t.clock.now()
    expect(verify(secret, to.seen[0]!, now)).toEqual({
      type: 'shop.paid',
      timestamp: '2026-01-15T12:00:00.000Z',
      data: { order: 'o1' },
    })
    expect(() => verify(secret, { ...to.seen[0]!, body: '{}' }, now)).toThrow('No matching signature')
    expect(() => verify(`whsec_${btoa('another secret')}`, to.seen[0]!, now)).toThrow('No matching signature')
    const { id } = await only()
    expect(await api.webhooks.getDelivery({ params: { id } })).toMatchObject({
      state: 'delivered',
      attempts: 1,
      lastStatus: 200,
      nextAttemptAt: null,
      attemptLog: [{ status: 200, error: null, answer: 'ok' }],
    })
    expect(to.seen).toHaveLength(1)
  })

  test('what nobody asked for leaves no row and no job', async () => {
    const { t, api, pay } = await open({ events: ['customers.merged'] })
    await pay('o1')
    expect((await api.webhooks.listDeliveries()).items).toEqual([])
    expect(await t.drain()).toBe(0)
  })

  test('what is rolled back is never sent', async () => {
    const { t, tx, to } = await open()
    const failing = tx(async (work) => {
      await work.emit(Paid, { order: 'o1' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await t.drain()
    expect(to.seen).toEqual([])
  })

  test('imports and replays stay quiet unless the endpoint asks for them', async () => {
    const { t, api, to, id } = await open()
    const imported = () =>
      t.as({ origin: 'import' }).tx(async (work) => {
        await work.emit(Paid, { order: 'old' })
      })
    await imported()
    await t.drain()
    expect(to.seen).toEqual([])
    await api.webhooks.update({ params: { id }, body: { includeImports: true } })
    await imported()
    await t.drain()
    expect(to.seen).toHaveLength(1)
  })

  test('what customers do arrives by its name and one property, once for each event', async () => {
    const where = { property: 'sku', equals: 'TEAPOT' }
    const { t, api, tx, to, secret } = await open({
      customerEvents: [{ name: 'Product Viewed', where }, { name: 'Signed Up' }],
    })
    const { id: customerId } = await api.customers.create({ body: { email: 'ana@example.com' } })
    const track = (name: string, messageId: string, properties = {}) =>
      tx((work) => work.get(CustomerEvents).track(work, { who: { customerId }, name, properties, messageId }))
    await track('Product Viewed', 'm1', { sku: 'TEAPOT' })
    await track('Product Viewed', 'm1', { sku: 'TEAPOT' })
    await track('Product Viewed', 'm2', { sku: 'CUP' })
    await track('Product Viewed', 'm3')
    await track('Signed Up', 'm4')
    await track('Signed Out', 'm5')
    await t.as({ origin: 'import' }).tx(async (work) => {
      await work.get(CustomerEvents).track(work, { who: { customerId }, name: 'Signed Up', messageId: 'm6' })
    })
    await t.drain()
    const got = to.seen.map((one) => verify(secret, one, t.clock.now()) as { type: string; data: object })
    expect(got.map(({ type }) => type)).toEqual(['customers.event_tracked', 'customers.event_tracked'])
    expect(got.map(({ data }) => data)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          customerId,
          name: 'Product Viewed',
          messageId: 'm1',
          properties: { sku: 'TEAPOT' },
        }),
        expect.objectContaining({ customerId, name: 'Signed Up', messageId: 'm4' }),
      ]),
    )
  })

  test('a delivery that fails is tried again with the same id, a new timestamp and a new signature', async () => {
    const { t, to, secret, pay, only } = await open()
    to.answer = { status: 500, body: 'x'.repeat(5000) }
    await pay('o1')
    await t.drain()
    expect(await only()).toMatchObject({ state: 'waiting', attempts: 1, lastStatus: 500 })
    const next = Date.parse((await only()).nextAttemptAt!) - t.clock.now()
    expect(next).toBeGreaterThanOrEqual(5000)
    expect(next).toBeLessThanOrEqual(5500)
    t.clock.advance('6s')
    to.answer = {}
    await t.drain()
    const [first, second] = to.seen as [Received, Received]
    expect(idOf(second)).toBe(idOf(first))
    expect(second.headers['webhook-timestamp']).not.toBe(first.headers['webhook-timestamp'])
    expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature'])
    verify(secret, second, t.clock.now())
    expect(await only()).toMatchObject({ state: 'delivered', attempts: 2 })
  })

  test('ten tries over three days, then it has failed, with every answer kept to 1 KiB', async () => {
    const { t, api, to, pay, only } = await open()
    to.answer = { status: 503, body: 'y'.repeat(5000) }
    await pay('o1')
    const start = t.clock.now()
    await t.drain()
    while ((await only()).state === 'waiting') {
      t.clock.set((await only()).nextAttemptAt!)
      await t.drain()
    }
    expect(to.seen).toHaveLength(10)
    expect(new Set(to.seen.map(idOf)).size).toBe(1)
    const days = (t.clock.now() - start) / 86_400_000
    expect(days).toBeGreaterThan(3)
    expect(days).toBeLessThan(3.6)
    const { attemptLog, state } = await api.webhooks.getDelivery({ params: { id: (await only()).id } })
    expect(state).toBe('failed')
    expect(attemptLog).toHaveLength(10)
    expect(new Set(attemptLog.map(({ answer }) => answer.length))).toEqual(new Set([1024]))
  })

  test.each([
    ['3600', 3_600_000],
    ['Thu, 15 Jan 2026 14:00:00 GMT', 7_200_000],
    ['99999999', 86_400_000],
    ['1', 5000],
    ['soon', 5000],
  ])('Retry-After: %s makes the next try later, never sooner', async (header, wait) => {
    const { t, to, pay, only } = await open()
    to.answer = { status: 429, headers: { 'retry-after': header } }
    await pay('o1')
    await t.drain()
    const next = Date.parse((await only()).nextAttemptAt!) - t.clock.now()
    expect(next).toBeGreaterThanOrEqual(wait)
    expect(next).toBeLessThanOrEqual(wait + 500)
  })

  test('a redirect is a failure and is not followed', async () => {
    const { t, to, pay, only } = await open()
    to.answer = { status: 307, headers: { location: '/elsewhere' } }
    await pay('o1')
    await t.drain()
    expect(to.seen.map(({ path }) => path)).toEqual(['/hook'])
    expect(await only()).toMatchObject({ state: 'waiting', lastStatus: 307 })
  })

  test('410 switches the endpoint off at once, and tells of it once', async () => {
    const { t, api, to, id, pay, tx } = await open({ events: ['shop.paid'] })
    const watch = await receiver()
    const subscriptions = { events: [WebhookEndpointDisabled.name], customerEvents: [] }
    await api.webhooks.create({ body: { url: watch.url, subscriptions } })
    to.answer = { status: 410 }
    await tx(async (work) => {
      await work.emit(Paid, { order: 'o1' })
      await work.emit(Paid, { order: 'o2' })
    })
    await t.drain()
    expect(await api.webhooks.get({ params: { id } })).toMatchObject({
      enabled: false,
      disabledAt: '2026-01-15T12:00:00.000Z',
      disabledReason: 'it answered 410 Gone',
    })
    expect(watch.seen.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { type: 'webhooks.endpoint_disabled', data: { endpointId: id, reason: 'it answered 410 Gone' } },
    ])
    await pay('o3')
    const { items } = await api.webhooks.listDeliveries({ query: { endpointId: id } })
    expect(items).toHaveLength(2)
  })

  test('failing for five days switches it off and holds what waits; switched on again it goes out', async () => {
    const { t, api, to, id, pay } = await open()
    const states = async () =>
      (await api.webhooks.listDeliveries({ query: { sort: 'createdAt' } })).items.map(({ state }) => state)
    to.answer = { status: 500 }
    await pay('o1')
    for (let day = 0; day < 5; day++) {
      await t.drain()
      expect((await api.webhooks.get({ params: { id } })).enabled).toBe(true)
      t.clock.advance('1d')
    }
    await pay('o2')
    await t.drain()
    const off = await api.webhooks.get({ params: { id } })
    expect(off).toMatchObject({ enabled: false, failingSince: null })
    expect(off.disabledReason).toContain('nothing arrived for 5 days')
    expect(await states()).toEqual(['held', 'held'])
    await expect(api.webhooks.test({ params: { id } })).rejects.toMatchObject({
      code: 'webhooks.endpoint_off',
    })

    to.answer = {}
    const tries = to.seen.length
    const on = await api.webhooks.update({ params: { id }, body: { enabled: true } })
    expect(on).toMatchObject({ enabled: true, disabledAt: null, disabledReason: null })
    await t.drain()
    expect(await states()).toEqual(['delivered', 'delivered'])
    expect(to.seen.slice(tries).map(({ body }) => (JSON.parse(body) as { data: object }).data)).toEqual(
      expect.arrayContaining([{ order: 'o1' }, { order: 'o2' }]),
    )
  })

  test('one delivery that arrives ends the count of days', async () => {
    const { t, api, to, id, pay } = await open()
    to.answer = { status: 500 }
    await pay('o1')
    await t.drain()
    expect((await api.webhooks.get({ params: { id } })).failingSince).toBe('2026-01-15T12:00:00.000Z')
    to.answer = {}
    t.clock.advance('1h')
    await t.drain()
    expect((await api.webhooks.get({ params: { id } })).failingSince).toBeNull()
  })

  test('for a day after a rotation the old secret verifies as well, and then no longer', async () => {
    const { t, api, to, id, secret, pay } = await open()
    const rotated = await api.webhooks.rotateSecret({ params: { id } })
    expect(rotated.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(rotated.secret).not.toBe(secret)
    await pay('o1')
    await t.drain()
    verify(secret, to.seen[0]!, t.clock.now())
    verify(rotated.secret, to.seen[0]!, t.clock.now())
    t.clock.advance('1d')
    await pay('o2')
    await t.drain()
    verify(rotated.secret, to.seen[1]!, t.clock.now())
    expect(() => verify(secret, to.seen[1]!, t.clock.now())).toThrow('No matching signature')
  })

  test('a replay goes out again under the same id', async () => {
    const { t, api, to, pay, only } = await open()
    await pay('o1')
    await t.drain()
    const { id } = await only()
    t.clock.advance('2d')
    expect(await api.webhooks.replay({ params: { id } })).toMatchObject({ state: 'waiting', attempts: 0 })
    await t.drain()
    expect(to.seen.map(idOf)).toEqual([idOf(to.seen[0]!), idOf(to.seen[0]!)])
    expect((await api.webhooks.getDelivery({ params: { id } })).attemptLog).toHaveLength(2)
  })

  test('a replay while a try waits overtakes it: one request more, not two', async () => {
    const { t, api, to, pay, only } = await open()
    to.answer = { status: 500 }
    await pay('o1')
    await t.drain()
    to.answer = {}
    t.clock.advance('1s')
    await api.webhooks.replay({ params: { id: (await only()).id } })
    t.clock.advance('1h')
    await t.drain()
    expect(to.seen).toHaveLength(2)
  })

  test('a test event arrives', async () => {
    const { t, api, to, id, secret } = await open()
    const { id: deliveryId } = await api.webhooks.test({ params: { id } })
    await t.drain()
    expect(verify(secret, to.seen[0]!, t.clock.now())).toMatchObject({ type: 'webhooks.test' })
    expect(await api.webhooks.getDelivery({ params: { id: deliveryId } })).toMatchObject({
      state: 'delivered',
    })
  })

  test('many transactions and workers at once: one delivery and one request for each event and endpoint', async () => {
    const { t, api, to, tx } = await open()
    const other = await receiver()
    const subscriptions = { events: ['shop.paid'], customerEvents: [] }
    await api.webhooks.create({ body: { url: other.url, subscriptions } })
    await Promise.all(Array.from({ length: 20 }, (_, i) => tx((work) => work.emit(Paid, { order: `o${i}` }))))
    await Promise.all([t.drain(), t.drain(), t.drain()])
    const { items } = await api.webhooks.listDeliveries({ query: { limit: 100 } })
    expect(items.map(({ state }) => state)).toEqual(Array.from({ length: 40 }, () => 'delivered'))
    expect(new Set(items.map(({ endpointId, eventId }) => `${endpointId} ${eventId}`)).size).toBe(40)
    for (const { seen } of [to, other]) {
      expect(seen).toHaveLength(20)
      expect(new Set(seen.map(idOf)).size).toBe(20)
    }
  })

  test('an erased customer takes the deliveries about them along', async () => {
    const { t, api, tx, to, pay } = await open()
    const { id } = await api.customers.create({ body: { email: 'ana@example.com' } })
    await pay('o1', id)
    await pay('o2')
    await t.drain()
    expect(to.seen).toHaveLength(2)
    await tx((work) => work.get(Privacy).eraseCustomer(work, id))
    const { items } = await api.webhooks.listDeliveries()
    expect(items.map(({ customerId }) => customerId)).toEqual([null])
  })

  test('deliveries go after thirty days', async () => {
    const { t, tx, pay, api } = await open()
    await pay('o1')
    await t.drain()
    const upkeep = async () => {
      await tx((work) => work.enqueue(Upkeep, {}))
      await t.drain()
    }
    t.clock.advance('30d')
    await upkeep()
    expect((await api.webhooks.listDeliveries()).items).toHaveLength(1)
    t.clock.advance('1s')
    await upkeep()
    expect((await api.webhooks.listDeliveries()).items).toEqual([])
  })

  test('a delivery whose job died is found again', async () => {
    const { t, tx, pay, to } = await open()
    await pay('o1')
    const { api } = t.as()
    for (const { id } of (await api.core.listJobs()).items) {
      await api.core.cancelJob({ params: { id } })
    }
    t.clock.advance('2h')
    await t.drain()
    expect(to.seen).toEqual([])
    await tx((work) => work.enqueue(Upkeep, {}))
    await t.drain()
    expect(to.seen).toHaveLength(1)
  })

  test('a wrong name is refused with those it may have meant, and the secret is in no list', async () => {
    const { t, secret } = await open()
    const post = (body: object) => t.fetch('/api/v1/webhook-endpoints', { method: 'POST', body })
    const wrong = await post({ url: 'https://example.com/', subscriptions: { events: ['shop.payd'] } })
    expect(wrong).toMatchObject({ status: 422, json: { code: 'webhooks.unknown_event' } })
    expect(wrong.text).toContain('did you mean shop.paid?')
    expect(await post({ url: 'https://example.com/', subscriptions: {} })).toMatchObject({ status: 400 })
    const events = { events: ['shop.paid'] }
    for (const url of ['not a url', 'ftp://example.com/', 'https://me:pass@example.com/', 'javascript:1'])
      expect((await post({ url, subscriptions: events })).json.code, url).toBe('webhooks.url_refused')
    const list = await t.fetch('/api/v1/webhook-endpoints')
    expect(list.text).not.toContain(secret.slice(6))
    expect(Object.keys(list.json.items[0])).not.toContain('secret')
    const nobody = await t.fetch('/api/v1/webhook-endpoints', { as: { permissions: ['customers:read'] } })
    expect(nobody.status).toBe(403)
    const names = (await t.fetch('/api/v1/webhook-events')).json.events
    expect(names).toEqual(expect.arrayContaining(['shop.paid', 'webhooks.endpoint_disabled']))
  })

  test('http is refused unless the host allows it', async () => {
    const t = await createTestClientele({ storage, plugins: [customers(), webhooks(), shop()] })
    const body = {
      url: 'http://example.com/',
      subscriptions: { events: ['shop.paid'], customerEvents: [] },
    }
    await expect(t.as().api.webhooks.create({ body })).rejects.toMatchObject({ code: 'webhooks.url_refused' })
  })
})
