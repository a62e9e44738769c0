import {
  createTestClientele,
  eachStorage,
  type TestClientele,
  type TestClienteleOptions,
} from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { definePlugin, type AnyPlugin } from '../plugin/plugin.ts'
import {
  after,
  AnyEvent,
  defineDomainEvent,
  within,
  type EventEnvelope,
  type EventHandler,
} from './domain-event.ts'
import { EventNames } from './event-names.ts'

const Paid = defineDomainEvent('shop.paid', z.object({ orderId: z.string() }))
const Shipped = defineDomainEvent('shop.shipped', z.object({ parcel: z.string() }))
const Note = defineEntity('notes', { text: col.text() })

function shop(...handlers: readonly EventHandler[]): AnyPlugin {
  return definePlugin({
    id: 'shop',
    version: '1.0.0',
    requires: { core: '*' },
    events: [Paid, Shipped],
    entities: [Note],
    migrations: {
      '0001-notes': {
        up: (m) => m.createTable({ name: 'notes', columns: { text: col.text() } }),
        down: (m) => m.dropTable('notes'),
      },
    },
    handlers,
  })() as AnyPlugin
}

eachStorage((storage) => {
  const open = (
    handlers: readonly EventHandler[],
    options: Partial<TestClienteleOptions<[AnyPlugin]>> = {},
  ): Promise<TestClientele<[AnyPlugin]>> =>
    createTestClientele({ storage, ...options, plugins: [shop(...handlers)] })
  const pay = (t: TestClientele<[AnyPlugin]>, origin: 'live' | 'import' = 'live'): Promise<void> =>
    t.as({ origin, requestId: 'request-1' }).tx((tx) => tx.emit(Paid, { orderId: 'o1' }))

  test('handlers within the transaction run at once, those after it run as jobs', async () => {
    const ran: string[] = []
    const t = await open([
      after(Paid, 'shop.later', { effect: 'inside' }, async () => void ran.push('later')),
      within(Paid, 'shop.now', async () => void ran.push('now')),
    ])
    await pay(t)
    expect(ran).toEqual(['now'])
    await t.drain()
    expect(ran).toEqual(['now', 'later'])
  })

  test('a handler within the transaction vetoes it', async () => {
    const t = await open([
      within(Paid, 'shop.veto', async () => {
        throw new Error('not today')
      }),
      after(Paid, 'shop.later', { effect: 'inside' }, async () => {}),
    ])
    const failing = t.as().tx(async (tx) => {
      await tx.repo(Note).insert({ text: 'paid' })
      await tx.emit(Paid, { orderId: 'o1' })
    })
    await expect(failing).rejects.toThrow('not today')
    expect(await t.as().ctx.db.selectFrom('notes').selectAll().execute()).toEqual([])
    expect(await t.drain()).toBe(0)
  })

  test('a job sees the event as it was announced, and works for the same tenant, actor and request', async () => {
    let seen: unknown
    const t = await open([
      after(Paid, 'shop.later', { effect: 'inside' }, async (event, ctx) => {
        seen = { event, of: [ctx.tenantId, ctx.actor.id, ctx.requestId, ctx.origin] }
      }),
    ])
    await pay(t)
    t.clock.advance('1h')
    await t.drain()
    expect(seen).toMatchObject({
      event: {
        name: 'shop.paid',
        version: 1,
        tenantId: 'default',
        occurredAt: '2026-01-15T12:00:00.000Z',
        recordedAt: '2026-01-15T12:00:00.000Z',
        actor: { kind: 'system', id: 'system' },
        origin: 'live',
        correlationId: 'request-1',
        causationId: null,
        depth: 0,
        payload: { orderId: 'o1' },
      },
      of: ['default', 'system', 'request-1', 'live'],
    })
  })

  test('a handler of any event sees every one, in both lanes, after those of the event itself', async () => {
    const ran: string[] = []
    const t = await open([
      within(AnyEvent, 'shop.all-now', async ({ name }) => void ran.push(`all ${name}`)),
      within(Paid, 'shop.now', async () => void ran.push('paid')),
      after(AnyEvent, 'shop.all-later', { effect: 'outside' }, async ({ name, payload }) => {
        ran.push(`later ${name} ${JSON.stringify(payload)}`)
      }),
    ])
    await pay(t)
    await t.as().tx((tx) => tx.emit(Shipped, { parcel: 'p1' }))
    expect(ran).toEqual(['paid', 'all shop.paid', 'all shop.shipped'])
    ran.length = 0
    await t.drain()
    expect(ran.toSorted()).toEqual(['later shop.paid {"orderId":"o1"}', 'later shop.shipped {"parcel":"p1"}'])
    await pay(t, 'import')
    expect(await t.drain()).toBe(0)
    await expect(t.as().tx((tx) => tx.emit(AnyEvent, {}))).rejects.toMatchObject({ code: 'event.unknown' })
  })

  test('the names of all events are known, and those that a wrong one may have meant', async () => {
    const { ctx } = (await open([])).as()
    const names = ctx.get(EventNames)
    expect(names.list(ctx)).toEqual(expect.arrayContaining(['shop.paid', 'shop.shipped']))
    expect(names.near(ctx, 'shop.payd')).toEqual(['shop.paid'])
    expect(names.near(ctx, 'quite.different')).toEqual([])
  })

  test('a handler that fails is retried alone', async () => {
    const ran: string[] = []
    const t = await open([
      after(Paid, 'shop.fine', { effect: 'inside' }, async () => void ran.push('fine')),
      after(Paid, 'shop.shaky', { effect: 'inside' }, async () => {
        ran.push('shaky')
        if (ran.length < 3) throw new Error('again')
      }),
    ])
    await pay(t)
    await t.drain()
    t.clock.advance('2s')
    await t.drain()
    expect(ran.toSorted()).toEqual(['fine', 'shaky', 'shaky'])
  })

  test('effects outside the database skip imports unless they ask for them', async () => {
    const ran: string[] = []
    const t = await open([
      after(Paid, 'shop.inside', { effect: 'inside' }, async () => void ran.push('inside')),
      after(Paid, 'shop.mail', { effect: 'outside' }, async () => void ran.push('mail')),
      after(Paid, 'shop.feed', { effect: 'outside', origins: ['import'] }, async () => void ran.push('feed')),
    ])
    await pay(t, 'import')
    await t.drain()
    expect(ran.toSorted()).toEqual(['feed', 'inside'])
    ran.length = 0
    await pay(t)
    await t.drain()
    expect(ran.toSorted()).toEqual(['inside', 'mail'])
  })

  test('events know what they followed from', async () => {
    const seen: EventEnvelope<unknown>[] = []
    const t = await open([
      after(Paid, 'shop.again', { effect: 'inside' }, async (event, ctx) => {
        seen.push(event)
        if (seen.length < 3) await ctx.tx((tx) => tx.emit(Paid, { orderId: 'next' }))
      }),
    ])
    await pay(t)
    await t.drain()
    expect(seen.map(({ depth }) => depth)).toEqual([0, 1, 2])
    expect(seen.map(({ causationId }) => causationId)).toEqual([null, seen[0]!.id, seen[1]!.id])
    expect(new Set(seen.map(({ correlationId }) => correlationId))).toEqual(new Set(['request-1']))
  })

  test('a chain of events without end is refused, in one transaction', async () => {
    const t = await open([within(Paid, 'shop.loop', (_, tx) => tx.emit(Paid, { orderId: 'again' }))])
    await expect(pay(t)).rejects.toMatchObject({ code: 'event.loop', params: { depth: 17 } })
  })

  test('a chain of events without end is refused, over jobs', async () => {
    let runs = 0
    const t = await open([
      after(Paid, 'shop.loop', { effect: 'inside' }, async (_, ctx) => {
        runs++
        await ctx.tx((tx) => tx.emit(Paid, { orderId: 'again' }))
      }),
    ])
    await pay(t)
    await t.drain()
    expect(runs).toBe(17)
  })

  test('a payload that does not fit the schema is refused', async () => {
    const t = await open([])
    const wrong = t.as().tx((tx) => tx.emit(Paid, { orderId: 7 as never }))
    await expect(wrong).rejects.toMatchObject({ code: 'event.payload' })
  })

  test('an event that no installed plugin declares is refused', async () => {
    const t = await open([])
    const Foreign = defineDomainEvent('other.done', z.object({}))
    await expect(t.as().tx((tx) => tx.emit(Foreign, {}))).rejects.toMatchObject({ code: 'event.unknown' })
  })

  test('handlers of one transaction write within it', async () => {
    const t = await open([
      within(
        Paid,
        'shop.note',
        async (event, tx) => void (await tx.repo(Note).insert({ text: event.payload.orderId })),
      ),
    ])
    await pay(t)
    expect(await t.as().ctx.db.selectFrom('notes').select('text').execute()).toEqual([{ text: 'o1' }])
  })
})
