import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { hostClient, openTestStorage, rowsOf, run, system } from './test-storage.fixture.ts'

const TABLE = 'create table sample (id bigint, placed_at timestamptz(3), details jsonb)'
const INSERT = {
  sql: `insert into sample values ($1, $2, $3)`,
  parameters: [1, '2026-01-31T09:30:00.000Z', '{"a":"1"}'],
}
const READ = {
  sql: `select *, count(*) over () as lines, details ->> 'a' as "number::integer" from sample`,
  parameters: [],
}
const ROW = { id: 1, placedAt: '2026-01-31T09:30:00.000Z', details: { a: '1' }, lines: 1, number: 1 }

test("a host's transaction decides over our rows, whatever its time zone and search path", async () => {
  const { storage } = await openTestStorage()
  await run(storage, TABLE)
  const client = await hostClient()
  await client.query(`set timezone to 'Asia/Kathmandu'`)
  for (const [end, rows] of [
    ['rollback', []],
    ['commit', [ROW]],
  ] as const) {
    await client.query('begin')
    const joined = await storage.join(system, client)
    expect(await joined.execute(INSERT)).toMatchObject({ affected: 1 })
    expect((await joined.execute(READ)).rows).toEqual([ROW])
    await client.query(end)
    expect(await rowsOf(storage, READ.sql)).toEqual(rows)
  }
  const { rows } = await client.query(`select current_setting('search_path') as path`)
  expect(rows).toEqual([{ path: '"$user", public' }])
})

test('anything with query(text, values) can be joined, also in bulk and as a stream', async () => {
  const { storage } = await openTestStorage()
  await run(storage, TABLE)
  const client = await hostClient()
  await client.query('begin')
  const host = { query: (text: string, values: unknown[]) => client.query(text, values) }
  const joined = await storage.join(system, host)
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'placed_at', type: 'timestamp' },
    { name: 'details', type: 'json' },
  ] as const
  expect(await joined.insertRows('sample', columns, [INSERT.parameters])).toBe(1)
  expect((await joined.execute(READ)).rows).toEqual([ROW])
  const chunks = []
  for await (const { rows } of joined.stream(READ, 10)) chunks.push(rows)
  expect(chunks).toEqual([[ROW]])
  await client.query('commit')
  expect(await rowsOf(storage, READ.sql)).toEqual([ROW])
})

test("the storage's own host transaction can be joined and rolls back with the host", async () => {
  const { storage } = await openTestStorage()
  await run(storage, TABLE, 'create table host_orders (id int)')
  const failing = storage.hostTransaction(async (connection) => {
    await (connection as pg.ClientBase).query('insert into host_orders values (1)')
    await (await storage.join(system, connection)).execute(INSERT)
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  await storage.hostTransaction(async (connection) => {
    await (connection as pg.ClientBase).query('insert into host_orders values (2)')
    await (await storage.join(system, connection)).execute(INSERT)
  })
  expect(await rowsOf(storage, READ.sql)).toEqual([ROW])
  expect(await rowsOf(storage, 'select id from host_orders')).toEqual([{ id: 2 }])
})

test('what is no open transaction is refused', async () => {
  const { storage } = await openTestStorage()
  const pool = new pg.Pool({ connectionString: inject('postgresUrl') })
  onTestFinished(() => pool.end())
  for (const host of [null, {}, pool, await hostClient()]) {
    await expect(storage.join(system, host)).rejects.toMatchObject({ code: 'postgres.not_a_connection' })
  }
})
