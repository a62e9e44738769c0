import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import {
  AT,
  Customer,
  ids,
  Line,
  Order,
  orders,
  Product,
  Refund,
  schemaBench,
} from './schema-bench.fixture.ts'

eachStorage((kind) => {
  test('columns are added to rows that exist, with their defaults and as the entity says', async () => {
    const wanted = {
      number: col.text().unique(),
      state: col.enum(['open', 'closed']).default('open').index(),
      weight: col.real().nullable(),
      paid: col.boolean().default(false),
      seenAt: col.timestamp().default(() => AT),
      total: col.money().default({ amount: 1, currency: 'EUR' }),
      code: col.text().nullable().unique(),
    }
    const Wanted = defineEntity('orders', wanted, { indexes: [{ on: ['number', 'createdAt'] }] })
    const { migrate, drift, insert, select } = await schemaBench(kind, Wanted)
    await migrate((m) => m.createTable(Order))
    await insert(Order, orders)

    await migrate(async (m) => {
      for (const [property, column] of Object.entries(wanted).slice(1))
        await m.addColumn('orders', property, column)
    })

    expect(await drift(Wanted)).toEqual([])
    expect(
      await select('SELECT state, weight, paid, seen_at, total, total_currency FROM clientele_orders'),
    ).toEqual(
      ids.map(() => ({
        state: 'open',
        weight: null,
        paid: false,
        seenAt: AT,
        total: 1,
        totalCurrency: 'EUR',
      })),
    )
  })

  test('a required column without a default is added to an empty table only', async () => {
    const { migrate, insert } = await schemaBench(kind)
    await migrate((m) => m.createTable(Order))

    await migrate((m) => m.addColumn('orders', 'state', col.text()))
    await insert(defineEntity('orders', { number: col.text(), state: col.text() }), [
      { id: ids[0], number: 'A', state: 'x' },
    ])

    await expect(migrate((m) => m.addColumn('orders', 'other', col.text()))).rejects.toThrow(
      'must be nullable or have a default',
    )
  })

  test('a reference is added and dropped without losing a row, a key or an index', async () => {
    const customerId = col.ref(() => Customer, { onMerge: 'move', onErase: 'keep' }).nullable()
    const Wanted = defineEntity(
      'orders',
      { number: col.text().unique(), customerId },
      { indexes: [{ on: ['number', 'createdAt'] }] },
    )
    const { migrate, drift, insert, select } = await schemaBench(kind, Customer, Wanted, Line, Refund)
    await migrate(async (m) => {
      for (const entity of [Customer, Order, Line, Refund]) await m.createTable(entity)
    })
    await insert(Customer, [{ id: ids[0], name: 'Ana' }])
    await insert(Order, orders)
    await insert(
      Line,
      ids.map((id) => ({ id, orderId: id })),
    )
    await insert(Refund, [
      { id: ids[0], orderId: ids[0] },
      { id: ids[1], orderId: null },
    ])
    const count = async (): Promise<unknown> =>
      select(
        `SELECT (SELECT count(*) FROM clientele_orders) AS "orders::integer", (SELECT count(*) FROM clientele_lines) AS "lines::integer", (SELECT count(*) FROM clientele_refunds) AS "refunds::integer"`,
      )

    await migrate((m) => m.addColumn('orders', 'customerId', customerId))

    expect(await count()).toEqual([{ orders: 2, lines: 2, refunds: 2 }])
    expect(await drift(Customer, Wanted, Line, Refund)).toEqual([])
    await expect(
      insert(Wanted, [{ id: '00000000-0000-7000-8000-000000000003', number: 'B', customerId: ids[1] }]),
    ).rejects.toThrow()

    await migrate((m) => m.dropColumn('orders', 'customerId', customerId))

    expect(await count()).toEqual([{ orders: 2, lines: 2, refunds: 2 }])
    expect(await drift(Customer, Order, Line, Refund)).toEqual([])
    await expect(
      insert(Line, [
        { id: '00000000-0000-7000-8000-000000000003', orderId: '00000000-0000-7000-8000-000000000003' },
      ]),
    ).rejects.toThrow()
  })

  test('a column goes with the indexes that name it', async () => {
    const { migrate, drift } = await schemaBench(kind)
    await migrate((m) => m.createTable(Order))

    await migrate((m) => m.dropColumn('orders', 'number', col.text().unique()))

    expect(await drift(defineEntity('orders', {}))).toEqual([])
  })

  test('a money column is two columns, added and dropped together', async () => {
    const { migrate, drift } = await schemaBench(kind)
    await migrate((m) => m.createTable(Order))

    await migrate((m) => m.addColumn('orders', 'total', col.money().nullable()))
    await migrate((m) => m.dropColumn('orders', 'total', col.money().nullable()))

    expect(await drift(Order)).toEqual([])
  })

  test('a renamed column takes its keys and indexes along', async () => {
    const customer = col.ref(() => Order, { onDelete: 'cascade' })
    const { migrate, drift, insert, select } = await schemaBench(kind, Order, Line)
    await migrate(async (m) => {
      await m.createTable(Order)
      await m.createTable(Line)
    })
    await insert(Order, orders)
    await insert(Line, [{ id: ids[0], orderId: ids[1] }])

    await migrate(async (m) => {
      await m.renameColumn('lines', 'orderId', 'purchaseId')
      await m.renameColumn('orders', 'number', 'code')
    })

    const Renamed = defineEntity(
      'orders',
      { code: col.text().unique() },
      { indexes: [{ on: ['code', 'createdAt'] }] },
    )
    const RenamedLine = defineEntity('lines', { purchaseId: customer, note: col.text().nullable() })
    expect(await drift(Renamed, RenamedLine)).toEqual([])
    expect(await select('SELECT code FROM clientele_orders ORDER BY id')).toEqual([
      { code: 'A-0' },
      { code: 'A-1' },
    ])
    await migrate((m) => m.dropColumn('lines', 'purchaseId', customer))
  })

  test('indexes are added and dropped as an entity would have them', async () => {
    const Wanted = defineEntity(
      'products',
      { sku: col.text().unique() },
      { softDelete: true, importable: true, indexes: [{ on: ['createdAt'] }] },
    )
    const { migrate, drift } = await schemaBench(kind)
    await migrate((m) => m.createTable(Product))

    await migrate(async (m) => {
      await m.addIndex('products', { on: ['sku'], unique: true })
      await m.addIndex('products', { on: ['createdAt'] })
      await m.dropIndex('products', { on: ['source', 'externalId'], unique: true })
      await m.addIndex('products', { on: ['source', 'externalId'], unique: true })
    })
    expect(await drift(Wanted)).toEqual([])

    await migrate(async (m) => {
      await m.dropIndex('products', { on: ['sku'], unique: true })
      await m.dropIndex('products', { on: ['createdAt'] })
    })
    expect(await drift(Product)).toEqual([])
  })
})
