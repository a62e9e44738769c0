import { expect, test } from 'vitest'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { emptyDatabase } from './empty-database.fixture.ts'
import { createMigrationTools } from './migration-tools.ts'
import type { MigrationTools } from './migration.ts'

const Customer = defineEntity('customers', {})
const Order = defineEntity('orders', { state: col.text().default(`it's "new"`).index() })
const customerId = col.ref(() => Customer).nullable()

/** A SQLite database with two orders, and below them lines, notes on lines, and a log that a trigger writes. */
async function setUp() {
  const storage = await (await emptyDatabase('sqlite')).open()
  const migrate = <T>(run: (m: MigrationTools) => Promise<T>): Promise<T> =>
    storage.write({ tenantId: '*' }, (connection) =>
      run(createMigrationTools({ storage, connection, prefix: 'x_' })),
    )
  await migrate(async (m) => {
    await m.createTable(Customer)
    await m.createTable(Order)
    for (const statement of [
      `INSERT INTO x_orders (tenant_id, id, version, created_at, updated_at) VALUES ('a', X'01', 1, 0, 0), ('a', X'02', 1, 0, 0)`,
      `CREATE TABLE lines (id INTEGER PRIMARY KEY, tenant TEXT, of BLOB, FOREIGN KEY (tenant, of) REFERENCES x_orders ON DELETE CASCADE)`,
      `INSERT INTO lines VALUES (1, 'a', X'01'), (2, 'a', X'02'), (3, NULL, NULL)`,
      `CREATE TABLE notes (line INTEGER REFERENCES lines ON DELETE CASCADE, text TEXT)`,
      `INSERT INTO notes VALUES (1, 'one'), (2, 'two'), (2, 'two'), (NULL, 'loose')`,
      `CREATE TABLE claims (tenant TEXT, of BLOB, FOREIGN KEY (tenant, of) REFERENCES x_orders ON DELETE RESTRICT)`,
      `INSERT INTO claims VALUES ('a', X'01')`,
      `CREATE TABLE log (text TEXT)`,
      `CREATE TRIGGER gone AFTER DELETE ON lines BEGIN INSERT INTO log VALUES ('deleted'); END`,
      `CREATE TRIGGER came AFTER INSERT ON x_orders BEGIN INSERT INTO log VALUES ('inserted'); END`,
    ]) {
      await m.execute(statement)
    }
  })
  const list = async (sql: string): Promise<unknown[]> =>
    (
      await storage.read({ tenantId: '*' }, (connection) => connection.execute({ sql, parameters: [] }))
    ).rows.map((row) => Object.values(row).join())
  return { migrate, list, storage }
}

test('rows below the rebuilt table survive, whatever their keys say, and no trigger fires', async () => {
  const { migrate, list } = await setUp()

  await migrate((m) => m.addColumn('orders', 'customerId', customerId))

  expect(await list('SELECT count(*), count(customer_id) FROM x_orders')).toEqual(['2,0'])
  expect(await list('SELECT id, hex(of) FROM lines ORDER BY id')).toEqual(['1,01', '2,02', '3,'])
  expect(await list('SELECT line, text FROM notes ORDER BY line, text')).toEqual([
    ',loose',
    '1,one',
    '2,two',
    '2,two',
  ])
  expect(await list('SELECT hex(of) FROM claims')).toEqual(['01'])
  expect(await list('SELECT * FROM log')).toEqual([])
  expect(await list('PRAGMA foreign_key_check')).toEqual([])
  expect(await list(`SELECT name FROM sqlite_temp_master`)).toEqual([])
})

test('keys, triggers and defaults work afterwards as before', async () => {
  const { migrate, list } = await setUp()
  await migrate((m) => m.addColumn('orders', 'customerId', customerId))
  const insert = (m: MigrationTools): Promise<void> =>
    m.execute(
      `INSERT INTO x_orders (tenant_id, id, version, created_at, updated_at) VALUES ('a', X'03', 1, 0, 0)`,
    )

  await migrate(insert)
  await migrate((m) => m.execute(`DELETE FROM x_orders WHERE id = X'02'`))

  expect(await list(`SELECT state FROM x_orders WHERE id = X'03'`)).toEqual([`it's "new"`])
  expect(await list('SELECT id FROM lines ORDER BY id')).toEqual(['1', '3'])
  expect(await list('SELECT * FROM log')).toEqual(['inserted', 'deleted'])
  await expect(migrate((m) => m.execute(`DELETE FROM x_orders WHERE id = X'01'`))).rejects.toThrow(
    'FOREIGN KEY',
  )
})

test('a rebuild that fails later in its migration never happened', async () => {
  const { migrate, list, storage } = await setUp()
  const before = await storage.describeSchema('')

  const failing = migrate(async (m) => {
    await m.addColumn('orders', 'customerId', customerId)
    throw new Error('changed my mind')
  })

  await expect(failing).rejects.toThrow('changed my mind')
  expect(await storage.describeSchema('')).toBe(before)
  expect(await list('SELECT count(*) FROM lines')).toEqual(['3'])
})

test('what a rebuild would lose or set off is refused', async () => {
  const { migrate } = await setUp()

  await migrate((m) =>
    m.execute(
      'CREATE TABLE loose (tenant TEXT, of BLOB, FOREIGN KEY (tenant, of) REFERENCES x_orders ON DELETE SET NULL)',
    ),
  )
  await expect(migrate((m) => m.addColumn('orders', 'customerId', customerId))).rejects.toThrow(
    'ON DELETE SET NULL',
  )

  await migrate((m) => m.execute(`CREATE TABLE x_checked (tenant_id TEXT, id BLOB CHECK (length(id) = 16))`))
  await expect(migrate((m) => m.addColumn('checked', 'customerId', customerId))).rejects.toThrow('uses CHECK')
})
