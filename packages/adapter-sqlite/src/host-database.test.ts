import { silentLogger, type Storage, systemClock } from '@clientele/core'
import { temporaryFolder } from '@clientele/testing'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sqlite } from './sqlite.ts'

const scope = { tenantId: 'default' }
const insert = { sql: 'INSERT INTO events VALUES (?)', parameters: ['order placed'] }

test('the host and Clientele commit together and roll back together', async () => {
  const { database, storage } = await shared()
  const both = (fail: boolean): Promise<void> =>
    storage.hostTransaction(async (connection) => {
      ;(connection as Database.Database).prepare('INSERT INTO orders VALUES (1)').run()
      await (await storage.join(scope, connection)).execute(insert)
      if (fail) throw new Error('payment refused')
    })
  const counts = (): unknown =>
    database
      .prepare('SELECT (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM events) AS events')
      .get()
  await expect(both(true)).rejects.toThrow('payment refused')
  expect(counts()).toEqual({ orders: 0, events: 0 })
  await both(false)
  expect(counts()).toEqual({ orders: 1, events: 1 })
})

test('the host may open the transaction by its own means', async () => {
  const { database, storage } = await shared()
  database.exec('BEGIN IMMEDIATE')
  await (await storage.join(scope, database)).execute(insert)
  database.exec('ROLLBACK')
  expect(database.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 0 })
})

test("a write of Clientele waits for the end of the host's own transaction", async () => {
  const { database, storage } = await shared()
  database.exec('BEGIN IMMEDIATE')
  let ticks = 0
  const written = storage.write(scope, (connection) => connection.execute(insert)).then(() => ticks)
  while (ticks < 5) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    ticks++
  }
  database.exec('COMMIT')
  expect(await written).toBeGreaterThanOrEqual(5)
})

test('join refuses another connection, and one without a transaction', async () => {
  const { database, storage, file } = await shared()
  const other = new Database(file)
  other.exec('BEGIN')
  await expect(storage.join(scope, other)).rejects.toMatchObject({ code: 'sqlite.not_a_connection' })
  await expect(storage.join(scope, database)).rejects.toThrow('no transaction is open')
  other.close()
})

test("the host's connection is durable, keeps its settings, and outlives the storage", async () => {
  const { database, storage } = await shared()
  database.pragma('busy_timeout = 1234')
  await storage.write(scope, (connection) => connection.execute(insert))
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(database.pragma('synchronous', { simple: true })).toBe(2)
  expect(database.pragma('busy_timeout', { simple: true })).toBe(1234)
  await storage.close()
  expect(database.prepare('SELECT count(*) AS n FROM events').get()).toEqual({ n: 1 })
})

test('a database in memory is refused, and so is no database at all', () => {
  expect(() => sqlite({ database: new Database(':memory:') })).toThrow('in memory')
  expect(() => sqlite({})).toThrow('give `file`')
})

async function shared(): Promise<{ database: Database.Database; storage: Storage; file: string }> {
  const file = join(await temporaryFolder(), 'host.db')
  const database = new Database(file)
  database.exec('CREATE TABLE orders (id INTEGER); CREATE TABLE events (name TEXT) STRICT')
  const storage = sqlite({ database })
  onTestFinished(async () => {
    await storage.close()
    database.close()
  })
  await storage.open({ logger: silentLogger(), clock: systemClock(), columnType: () => undefined })
  return { database, storage, file }
}
