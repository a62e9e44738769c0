import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { col } from '../entity/column.ts'
import { emptyDatabase } from './empty-database.fixture.ts'
import { migration, migratorOf, registryOf, tableMigration } from './schema-registry.fixture.ts'

const shop = registryOf([
  { id: 'customers', migrations: { '0001-customers': tableMigration('customers') } },
  {
    id: 'orders',
    dependsOn: ['customers'],
    migrations: { '0002-lines': tableMigration('lines'), '0001-orders': tableMigration('orders') },
  },
])
const all = ['customers/0001-customers', 'orders/0001-orders', 'orders/0002-lines']

eachStorage((kind) => {
  test('migrations run once, plugins in their order and names ascending', async () => {
    const storage = await (await emptyDatabase(kind)).open()
    const migrator = migratorOf(storage, shop)

    expect(await migrator.up()).toEqual(all)
    expect(await migrator.up()).toEqual([])

    const { applied, pending, orphans } = await migrator.status()
    expect(applied.map(({ plugin, name }) => `${plugin}/${name}`)).toEqual(all)
    expect(applied.every(({ at }) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at))).toBe(true)
    expect([pending, orphans]).toEqual([[], []])
  })

  test('before the first run everything is pending and no table is made by asking', async () => {
    const storage = await (await emptyDatabase(kind)).open()

    expect((await migratorOf(storage, shop).status()).pending).toHaveLength(3)
    expect(await storage.describeSchema('clientele_')).toBe('')
  })

  test('a migration that fails half-way leaves nothing behind, those before it stay', async () => {
    const storage = await (await emptyDatabase(kind)).open()
    const failing = migration(async (m) => {
      await m.createTable({ name: 'halfWay', columns: { title: col.text() } })
      await m.addColumn('customers', 'note', col.text().nullable())
      await m.execute('INSERT INTO {prefix}nowhere VALUES (1)')
    })
    const registry = registryOf([
      {
        id: 'customers',
        migrations: {
          '0001-customers': tableMigration('customers'),
          '0002-broken': failing,
          '0003-later': tableMigration('later'),
        },
      },
    ])
    const intact = registryOf([
      { id: 'customers', migrations: { '0001-customers': tableMigration('customers') } },
    ])
    const other = await (await emptyDatabase(kind)).open()
    await migratorOf(other, intact).up()

    await expect(migratorOf(storage, registry).up()).rejects.toMatchObject({
      code: 'migration.failed',
      params: {
        plugin: 'customers',
        name: '0002-broken',
        direction: 'up',
        reason: expect.stringContaining('nowhere') as string,
      },
    })

    expect(await storage.describeSchema('clientele_')).toBe(await other.describeSchema('clientele_'))
    expect(await migratorOf(storage, registry).status()).toMatchObject({
      applied: [{ name: '0001-customers' }],
      pending: [{ name: '0002-broken' }, { name: '0003-later' }],
    })
  })

  test('an undo that fails keeps what it wanted to undo', async () => {
    const storage = await (await emptyDatabase(kind)).open()
    const notes = tableMigration('notes')
    const failing = migration(
      (m) => notes.up(m),
      async (m) => {
        await notes.down(m)
        throw new Error('changed my mind')
      },
    )
    const migrator = migratorOf(storage, registryOf([{ id: 'notes', migrations: { '0001-notes': failing } }]))
    await migrator.up()
    const before = await storage.describeSchema('clientele_')

    await expect(migrator.down()).rejects.toMatchObject({
      code: 'migration.failed',
      params: { direction: 'down' },
    })

    expect(await storage.describeSchema('clientele_')).toBe(before)
    expect((await migrator.status()).applied).toHaveLength(1)
  })

  test('of several that migrate at once, one does it', async () => {
    const database = await emptyDatabase(kind)
    const storages = await Promise.all(Array.from({ length: 4 }, () => database.open()))

    const ran = await Promise.all(storages.map((storage) => migratorOf(storage, shop).up()))

    expect(ran.flat()).toEqual(all)
  })

  test('when nothing is pending no lock is taken', async () => {
    const database = await emptyDatabase(kind)
    await migratorOf(await database.open(), shop).up()
    const storage = await database.open()
    storage.lock = () => Promise.reject(new Error('took the lock'))

    expect(await migratorOf(storage, shop).up()).toEqual([])
  })

  test('down undoes the last batch in reverse, and up brings it back', async () => {
    const storage = await (await emptyDatabase(kind)).open()
    const first = registryOf([
      { id: 'customers', migrations: { '0001-customers': tableMigration('customers') } },
    ])
    await migratorOf(storage, first).up()
    const between = await storage.describeSchema('clientele_')
    const migrator = migratorOf(storage, shop)
    await migrator.up()
    const complete = await storage.describeSchema('clientele_')

    expect(await migrator.down()).toEqual(['orders/0002-lines', 'orders/0001-orders'])
    expect(await storage.describeSchema('clientele_')).toBe(between)

    expect(await migrator.up()).toEqual(['orders/0001-orders', 'orders/0002-lines'])
    expect(await storage.describeSchema('clientele_')).toBe(complete)
  })

  test('down takes a plugin and a number of steps', async () => {
    const storage = await (await emptyDatabase(kind)).open()
    const migrator = migratorOf(storage, shop)
    await migrator.up()

    expect(await migrator.down({ plugin: 'orders', steps: 1 })).toEqual(['orders/0002-lines'])
    expect(await migrator.down({ steps: 2 })).toEqual(['orders/0001-orders', 'customers/0001-customers'])
    expect(await migrator.down()).toEqual([])
  })

  test('what another plugin may build on is not undone', async () => {
    const storage = await (await emptyDatabase(kind)).open()
    const migrator = migratorOf(storage, shop)
    await migrator.up()

    await expect(migrator.down({ plugin: 'customers' })).rejects.toMatchObject({
      code: 'migration.cannot_undo',
      message: expect.stringContaining('orders/0001-orders') as string,
    })
    expect((await migrator.status()).applied).toHaveLength(3)
  })

  test('what is applied but not installed is reported and never touched', async () => {
    const storage = await (await emptyDatabase(kind)).open()
    await migratorOf(storage, shop).up()
    const migrator = migratorOf(
      storage,
      registryOf([{ id: 'customers', migrations: { '0001-customers': tableMigration('customers') } }]),
    )

    expect((await migrator.status()).orphans).toEqual([
      { plugin: 'orders', name: '0001-orders' },
      { plugin: 'orders', name: '0002-lines' },
    ])
    expect(await migrator.up()).toEqual([])
    await expect(migrator.down()).rejects.toMatchObject({ code: 'migration.cannot_undo' })
  })
})
