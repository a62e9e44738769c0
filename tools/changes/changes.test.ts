import {
  after,
  defineDomainEvent,
  defineJob,
  definePlugin,
  handleJob,
  within,
  type Route,
} from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { Product, Stock } from '@clientele/plugin-inventory'
import { Order, Orders, Refund, type OrderBatch } from '@clientele/plugin-orders'
import { Segment } from '@clientele/plugin-segments'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { answerTo, nameOf } from '../isolation/call.ts'
import { operationsOf } from '../isolation/operations.ts'
import { readRows } from '../isolation/rows.ts'
import { openShop, plugins, type Shop } from '../isolation/shop.ts'
import { fillTenant, type Tenant } from '../isolation/tenants.ts'
import { takenIds, writesOf } from '../isolation/writes.ts'
import { DERIVED, expectAllSeen } from './expect-all-seen.fixture.ts'
import { offRecord } from './on-record.fixture.ts'

const TENANT: Tenant = 'tenant-b'
const SILENT = [
  ...['core.cancelImport', 'core.cancelExport', 'core.cancelJob', 'core.retryJob', 'core.runSchedule'],
  ...['customers.previewImport', 'customers.checkSuppression', 'customers.replayErasures'],
  ...['segments.preview', 'segments.evaluate', 'segments.explainCondition', 'core.removeJob', 'audit.verify'],
  // Keys are for people with a role; whoever walks here has no account. `tools/isolation/people` makes them.
  'auth.createApiKey',
  // What the walk asks of them is so already, or their rows are derived.
  ...['auth.endUserSessions', 'customers.changeTags'],
  ...['segments.cancelRecompute', 'segments.overlap', 'segments.recompute', 'segments.removePin'],
]

test('what follows from other rows is on no record, nor are tracked events', () => {
  expect([...DERIVED, 'events'].filter((name) => !offRecord.includes(name))).toEqual([])
  console.log(`not on the record: ${offRecord.toSorted().join(', ')}`)
})

eachStorage((storage) => {
  test('a subscriber sees every change that a route makes, and the trail tells of it', async () => {
    const shop = await filledShop(storage)
    const rows = await readRows(shop)
    const silent: string[] = []
    const operations = operationsOf(shop).filter(({ method }) => method !== 'GET')
    for (const operation of operations) {
      const calls = [...writesOf(operation, TENANT, rows), ...takenIds(operation, TENANT, rows)]
      let changed = 0
      for (const [turn, call] of calls.filter(({ names }) => names !== 'foreign-id').entries()) {
        const send = async (): Promise<void> => {
          const { status, text } = await answerTo(shop, TENANT, call, turn)
          if (status >= 300) throw new Error(text)
        }
        const isOnRecord = !ingesting.has(operation.route)
        const watch = { isOnRecord, isNext: true }
        changed += await expectAllSeen(shop, TENANT, nameOf(TENANT, call), send, watch)
      }
      if (changed === 0) silent.push(operation.route)
    }
    // These write nothing, only what is derived, or only jobs, which are no entity of a tenant.
    expect(silent.toSorted()).toEqual(SILENT.toSorted())
  }, 240_000)

  test('a subscriber sees every change of a bulk call', async () => {
    const shop = await filledShop(storage)
    const { tx, ctx } = shop.test.as({ tenantId: TENANT })
    const changed = (name: string, write: () => Promise<unknown>): Promise<number> =>
      expectAllSeen(shop, TENANT, name, write)
    const [one, two] = [1, 2].map((n) => ({ source: 'bulk', externalId: `${n}`, firstName: `Number ${n}` }))

    expect(await changed('insertMany', () => tx((t) => t.repo(Customer).insertMany([{}, {}, {}])))).toBe(9)
    expect(await changed('upsertMany', () => tx((t) => t.repo(Customer).upsertMany([one!, two!])))).toBe(6)
    const again = [one!, { ...two!, lastName: 'New' }, { ...two!, externalId: '3' }]
    expect(await changed('upsertMany again', () => tx((t) => t.repo(Customer).upsertMany(again)))).toBe(4)
    const ids = await idsOf(shop, 'customers')
    const patches = ids.map((id, n) => ({ id, changes: { traits: { n }, country: `Land ${n}` } }))
    expect(await changed('patchMany', () => tx((t) => t.repo(Customer).patchMany(patches)))).toBe(ids.length)
    expect(await changed('removeMany', () => tx((t) => t.repo(Customer).removeMany(ids)))).toBe(ids.length)
    const restore = () =>
      tx(async (t) => {
        for (const id of ids) await t.repo(Customer).restore(id)
      })
    expect(await changed('restore', restore)).toBe(ids.length)

    // Rows that go for good, and with them what hangs on them.
    const orders = await idsOf(shop, 'orders')
    const refunds = await ctx
      .repo(Refund)
      .list({ filters: [], sort: [{ field: 'id', direction: 'asc' }], limit: 200 })
    const gone = refunds.items.map(({ id }) => id)
    expect(await changed('removeMany refunds', () => tx((t) => t.repo(Refund).removeMany(gone)))).toBe(
      gone.length,
    )
    const lines = (await ctx.db.selectFrom('orderLines').select('id').execute()).length
    const removeOrders = () => tx((t) => t.repo(Order).removeMany(orders))
    expect(await changed('removeMany orders', removeOrders)).toBe(orders.length + lines)
    const products = await idsOf(shop, 'products')
    expect(await changed('removeMany products', () => tx((t) => t.repo(Product).removeMany(products)))).toBe(
      products.length,
    )
    const segments = await idsOf(shop, 'segments')
    expect(await changed('removeMany segments', () => tx((t) => t.repo(Segment).removeMany(segments)))).toBe(
      segments.length,
    )
  }, 240_000)

  test('a subscriber sees every change of an import', async () => {
    const shop = await filledShop(storage)
    const { tx, get } = shop.test.as({ tenantId: TENANT, origin: 'import' })
    const [customerId] = await idsOf(shop, 'customers')
    const importBatch = (name: string, batch: OrderBatch): Promise<number> =>
      expectAllSeen(shop, TENANT, name, () => tx((t) => get(Orders).importMany(t, batch)))
    expect(await importBatch('orders and refunds', batchOf(customerId!, 2))).toBe(2 + 4 + 2 + 3)
    expect(await importBatch('the same again', batchOf(customerId!, 2))).toBe(0)
    expect(await importBatch('a line more, one less', batchOf(customerId!, 3))).toBeGreaterThan(2)
    expect(await importBatch('fewer lines', batchOf(customerId!, 1))).toBeGreaterThan(2)

    const [productId] = await idsOf(shop, 'products')
    const movements = [1, 2].map((n) => ({
      externalId: `m${n}`,
      productId: productId!,
      delta: n,
      reason: 'received' as const,
      movedAt: '2026-01-01T00:00:00.000Z',
    }))
    const importStock = () => tx((t) => get(Stock).importMany(t, { source: 'till', movements }))
    expect(await expectAllSeen(shop, TENANT, 'stock', importStock)).toBe(2)
    expect(await expectAllSeen(shop, TENANT, 'stock again', importStock)).toBe(0)
  })

  test('a subscriber sees every change of a job, and of what follows from it', async () => {
    const shop = await filledShop(storage, tidying())
    const { tx } = shop.test.as({ tenantId: TENANT })
    const [customerId = ''] = await idsOf(shop, 'customers')
    await tx((t) => t.enqueue(Tidy, { customerId }))
    expect(await expectAllSeen(shop, TENANT, 'jobs', () => shop.test.drain())).toBe(4)
    expect(shop.test.recorder.changes.map(({ kind }) => kind)).toEqual([
      'patch',
      'insert',
      'insert',
      // What hangs on a customer: metrics, activity.
      'insert',
      'patch',
      'remove',
    ])
  })
})

/** Routes that say themselves who calls: tracked events, which no trail follows. */
const ingesting = new Set(
  plugins.flatMap(({ id, definition }) =>
    Object.entries<Route>(definition.routes ?? {})
      .filter(
        ([
          ,
          {
            definition: { identify },
          },
        ]) => identify,
      )
      .map(([name]) => `${id}.${name}`),
  ),
)

/** A job and, after a domain event, a second one; both write. */
const Tidy = defineJob('tidying.tidy', z.object({ customerId: z.uuid() }))
const Tidied = defineDomainEvent('tidying.tidied', z.object({ customerId: z.uuid() }))
const tidying = definePlugin({
  id: 'tidying',
  version: '1.0.0',
  requires: { core: '*' },
  events: [Tidied],
  jobs: [
    handleJob(Tidy, ({ customerId }, ctx) =>
      ctx.tx(async (t) => {
        await t.repo(Customer).patch(customerId, { firstName: 'Tidy' })
        await t.repo(Customer).insert({ lastName: 'By a job' })
        await t.emit(Tidied, { customerId })
      }),
    ),
  ],
  handlers: [
    within(Tidied, 'tidying.note', async ({ payload }, t) => {
      await t.repo(Customer).patch(payload.customerId, { lastName: 'Within' })
    }),
    after(Tidied, 'tidying.remove', { effect: 'inside' }, ({ payload }, ctx) =>
      ctx.tx((t) => t.repo(Customer).remove(payload.customerId)),
    ),
  ],
})

async function filledShop(
  storage: Parameters<typeof openShop>[0],
  ...more: Parameters<typeof openShop>[1][]
): Promise<Shop> {
  const shop = await openShop(storage, ...more)
  await fillTenant(shop, TENANT)
  return shop
}

async function idsOf(shop: Shop, collection: string): Promise<readonly string[]> {
  return (await readRows(shop)).of(TENANT, collection).map((row): string => row.id)
}

function batchOf(customerId: string, lines: number): OrderBatch {
  const line = (n: number) => ({
    lineNumber: n,
    sku: 'CUP',
    name: 'Cup',
    quantity: lines,
    unitPrice: 100 * n,
  })
  const order = { placedAt: '2025-12-01T08:26:00Z', currency: 'EUR', country: 'France' } as const
  const refund = {
    amount: { amount: 30 * lines, currency: 'EUR' },
    refundedAt: '2025-12-03T09:00:00Z',
  } as const
  return {
    source: 'old-till',
    orders: [
      { ...order, externalId: '1', customerId, lines: Array.from({ length: lines }, (_, n) => line(n + 1)) },
      {
        ...order,
        externalId: '2',
        customerId: null,
        lines: Array.from({ length: lines }, (_, n) => line(n + 2)),
      },
    ],
    refunds: [
      { ...refund, externalId: 'C1', orderExternalId: '1', customerId },
      { ...refund, externalId: 'C2', customerId },
    ],
  }
}
