import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity, type AnyEntity } from '../entity/entity.ts'
import type { Connection, Storage } from '../storage/storage.ts'
import { schemaDrift } from './drift.ts'
import { Ledger } from './ledger.ts'
import { createMigrationTools } from './migration-tools.ts'
import type { MigrationTools } from './migration.ts'
import { emptyDatabase } from './empty-database.fixture.ts'
import { registryOf } from './schema-registry.fixture.ts'

const Customer = defineEntity('customers', { name: col.text() }, { subject: true, softDelete: true })
const Product = defineEntity('products', { sku: col.text() }, { softDelete: true, importable: true })
const Order = defineEntity(
  'orders',
  { number: col.text().unique() },
  { indexes: [{ on: ['number', 'createdAt'] }] },
)
const Line = defineEntity('lines', {
  orderId: col.ref(() => Order, { onDelete: 'cascade' }),
  note: col.text().nullable(),
})
const Refund = defineEntity('refunds', { orderId: col.ref(() => Order).nullable() })

const ids = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'] as const
const AT = '2026-01-15T12:00:00.000Z'

eachStorage((kind) => {
  const setUp = async (...entities: AnyEntity[]) => {
    const registry = registryOf([{ id: 'shop', entities }])
    const storage = await (await emptyDatabase(kind)).open(registry)
    await new Ledger(storage, 'clientele_').create()
    const migrate = <T>(run: (m: MigrationTools, connection: Connection) => Promise<T>): Promise<T> =>
      storage.write({ tenantId: '*' }, (connection) =>
        run(createMigrationTools({ storage, connection, prefix: 'clientele_' }), connection),
      )
    /** Differences from tables made straight from these entities. */
    const drift = async (...wanted: AnyEntity[]): Promise<readonly string[]> => {
      const scratch = await (await emptyDatabase(kind)).open()
      return schemaDrift(registryOf([{ id: 'shop', entities: wanted }]), storage, scratch)
    }
    return { storage, migrate, drift }
  }
  const insert = (
    storage: Storage,
    table: AnyEntity,
    rows: readonly Record<string, unknown>[],
  ): Promise<unknown> =>
    storage.write({ tenantId: '*' }, (connection) => {
      const { columns } = registryOf([{ id: 'x', entities: [table] }]).entities.get(table.name)!
      const complete = rows.map((row): Record<string, unknown> => ({
        tenantId: 'default',
        version: 1,
        createdAt: AT,
        updatedAt: AT,
        ...row,
      }))
      const written = [...columns.values()].filter(({ property }) => property in (complete[0] ?? {}))
      const values = complete.map((row) =>
        written.map(({ property, type }) => storage.sql.encode(type, row[property])),
      )
      return connection.insertRows(`clientele_${table.name}`, written, values)
    })
  const select = async (storage: Storage, text: string): Promise<readonly Record<string, unknown>[]> =>
    (await storage.read({ tenantId: '*' }, (connection) => connection.execute({ sql: text, parameters: [] })))
      .rows
  const orders = ids.map((id, place) => ({ id, number: `A-${place}` }))

  test('a table comes with its keys and indexes', async () => {
    const { migrate, drift } = await setUp()

    await migrate(async (m) => {
      await m.createTable(Order)
      await m.createTable(Line)
    })

    expect(await drift(Order, Line)).toEqual([])
    expect(await drift(Order)).toContainEqual(expect.stringMatching(/^no entity says .*lines.*: column note/))
  })

  test('an extension gets a row for each row of its base', async () => {
    const Score = extendEntity(
      Order,
      'orderScores',
      {
        score: col.integer().default(7),
        label: col.text().nullable(),
        worth: col.money().default({ amount: 250, currency: 'EUR' }),
        seenAt: col.timestamp().default(() => AT),
        tags: col.json(z.array(z.string())).default(['new']),
      },
      { as: 'score' },
    )
    const { storage, migrate, drift } = await setUp(Order, Score)
    await migrate((m) => m.createTable(Order))
    await insert(storage, Order, orders)

    await migrate((m) => m.createTable(Score))

    const rows = await select(storage, 'SELECT * FROM clientele_order_scores ORDER BY id')
    const row = {
      tenantId: 'default',
      version: 1,
      createdAt: AT,
      updatedAt: AT,
      score: 7,
      label: null,
      worth: 250,
      worthCurrency: 'EUR',
      seenAt: AT,
      tags: ['new'],
    }
    expect(rows).toEqual(ids.map((id) => ({ ...row, id })))
    expect(await drift(Order, Score)).toEqual([])
  })

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
    const { storage, migrate, drift } = await setUp(Wanted)
    await migrate((m) => m.createTable(Order))
    await insert(storage, Order, orders)

    await migrate(async (m) => {
      for (const [property, column] of Object.entries(wanted).slice(1))
        await m.addColumn('orders', property, column)
    })

    expect(await drift(Wanted)).toEqual([])
    expect(
      await select(
        storage,
        'SELECT state, weight, paid, seen_at, total, total_currency FROM clientele_orders',
      ),
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
    const { storage, migrate } = await setUp()
    await migrate((m) => m.createTable(Order))

    await migrate((m) => m.addColumn('orders', 'state', col.text()))
    await insert(storage, defineEntity('orders', { number: col.text(), state: col.text() }), [
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
    const { storage, migrate, drift } = await setUp(Customer, Wanted, Line, Refund)
    await migrate(async (m) => {
      for (const entity of [Customer, Order, Line, Refund]) await m.createTable(entity)
    })
    await insert(storage, Customer, [{ id: ids[0], name: 'Ana' }])
    await insert(storage, Order, orders)
    await insert(
      storage,
      Line,
      ids.map((id) => ({ id, orderId: id })),
    )
    await insert(storage, Refund, [
      { id: ids[0], orderId: ids[0] },
      { id: ids[1], orderId: null },
    ])
    const count = async (): Promise<unknown> =>
      select(
        storage,
        `SELECT (SELECT count(*) FROM clientele_orders) AS "orders::integer", (SELECT count(*) FROM clientele_lines) AS "lines::integer", (SELECT count(*) FROM clientele_refunds) AS "refunds::integer"`,
      )

    await migrate((m) => m.addColumn('orders', 'customerId', customerId))

    expect(await count()).toEqual([{ orders: 2, lines: 2, refunds: 2 }])
    expect(await drift(Customer, Wanted, Line, Refund)).toEqual([])
    await expect(
      insert(storage, Wanted, [
        { id: '00000000-0000-7000-8000-000000000003', number: 'B', customerId: ids[1] },
      ]),
    ).rejects.toThrow()

    await migrate((m) => m.dropColumn('orders', 'customerId', customerId))

    expect(await count()).toEqual([{ orders: 2, lines: 2, refunds: 2 }])
    expect(await drift(Customer, Order, Line, Refund)).toEqual([])
    await expect(
      insert(storage, Line, [
        { id: '00000000-0000-7000-8000-000000000003', orderId: '00000000-0000-7000-8000-000000000003' },
      ]),
    ).rejects.toThrow()
  })

  test('a column goes with the indexes that name it', async () => {
    const { migrate, drift } = await setUp()
    await migrate((m) => m.createTable(Order))

    await migrate((m) => m.dropColumn('orders', 'number', col.text().unique()))

    expect(await drift(defineEntity('orders', {}))).toEqual([])
  })

  test('a money column is two columns, added and dropped together', async () => {
    const { migrate, drift } = await setUp()
    await migrate((m) => m.createTable(Order))

    await migrate((m) => m.addColumn('orders', 'total', col.money().nullable()))
    await migrate((m) => m.dropColumn('orders', 'total', col.money().nullable()))

    expect(await drift(Order)).toEqual([])
  })

  test('a renamed column takes its keys and indexes along', async () => {
    const customer = col.ref(() => Order, { onDelete: 'cascade' })
    const { storage, migrate, drift } = await setUp(Order, Line)
    await migrate(async (m) => {
      await m.createTable(Order)
      await m.createTable(Line)
    })
    await insert(storage, Order, orders)
    await insert(storage, Line, [{ id: ids[0], orderId: ids[1] }])

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
    expect(await select(storage, 'SELECT code FROM clientele_orders ORDER BY id')).toEqual([
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
    const { migrate, drift } = await setUp()
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

  test('names longer than the database keeps stay apart', async () => {
    const long = 'aVeryLongNameForAColumnThatHoldsNothingOfUse'
    const columns = { [`${long}One`]: col.text().index(), [`${long}Two`]: col.text().index() }
    const Long = defineEntity('aTableWithANameSoLongThatNoDatabaseWantsToKeepAllOfIt', columns)
    const Longer = defineEntity(`${Long.name}Either`, {
      longId: col.ref(() => Long, { onDelete: 'cascade' }),
    })
    const { storage, migrate, drift } = await setUp()

    await migrate(async (m) => {
      await m.createTable(Long)
      await m.createTable(Longer)
    })

    expect(await drift(Long, Longer)).toEqual([])
    const tables = registryOf([{ id: 'shop', entities: [Long, Longer] }]).tables
    expect([...tables.keys()].map((name) => name.length)).toEqual([63, 63])
    await migrate((m) => m.dropIndex(Long.name, { on: [`${long}One`] }))
    const indexes = (await storage.describeSchema('clientele_'))
      .match(/index .*/g)!
      .filter((line) => line.includes('nothing_of_use'))
    expect(indexes).toEqual([expect.stringContaining('nothing_of_use_two)')])
  })

  test('a table that another one refers to is not dropped', async () => {
    const { migrate } = await setUp()
    await migrate(async (m) => {
      await m.createTable(Order)
      await m.createTable(Line)
    })

    await expect(migrate((m) => m.dropTable('orders'))).rejects.toThrow(
      '"clientele_lines" refers to "clientele_orders"',
    )
  })

  test('data moves by queries over physical names and by plain SQL', async () => {
    const { storage, migrate } = await setUp(Order)
    await migrate((m) => m.createTable(Order))
    await insert(storage, Order, orders)

    const seen = await migrate(async (m) => {
      await m.db
        .updateTable('clientele_orders')
        .set({ number: 'B-1', updated_at: m.value('timestamp', '2026-02-01T00:00:00.000Z') })
        .where('id', '=', m.value('uuid', ids[1]))
        .execute()
      await m.execute(
        `UPDATE {prefix}orders SET number = $1 || ' is not $2' WHERE number = $2 OR number = $1`,
        ['C', 'A-0'],
      )
      return m.db.selectFrom('clientele_orders').select(['number', 'updated_at']).orderBy('id').execute()
    })

    expect(seen).toEqual([
      { number: 'C is not $2', updated_at: AT },
      { number: 'B-1', updated_at: '2026-02-01T00:00:00.000Z' },
    ])
  })
})
