import pg from 'pg'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import { expect, inject, onTestFinished, test } from 'vitest'
import { postgres } from './postgres.ts'
import { hostClient, openTestStorage, rowsOf, system, testHost } from './test-storage.fixture.ts'

test('the pool survives a server that closes its idle connections', async () => {
  const { storage } = await openTestStorage()
  const [row] = await rowsOf(storage, 'select pg_backend_pid() as pid')
  const admin = await hostClient()
  await admin.query('select pg_terminate_backend($1, 5000)', [row!['pid']])
  await expect.poll(() => rowsOf(storage, 'select 1 as one').catch(() => null)).toEqual([{ one: 1 }])
})

test('a connection that breaks while in use rejects its work and is replaced', async () => {
  const { storage } = await openTestStorage({ max: 2 })
  const kill = { sql: 'select pg_terminate_backend(pg_backend_pid())', parameters: [] }
  for (let i = 0; i < 4; i++) {
    const error: unknown = await storage
      .write(system, (c) => c.execute(kill))
      .catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'storage.unavailable', cause: expect.any(Error) })
    expect(storage.isRetryable(error)).toBe(false)
  }
  expect(await rowsOf(storage, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a failed transaction leaves its connection fit for use', async () => {
  const { storage } = await openTestStorage({ max: 2 })
  for (let i = 0; i < 5; i++) {
    await expect(storage.write(system, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(rowsOf(storage, 'select 1 / 0')).rejects.toMatchObject({ code: '22012' })
  }
  expect(await rowsOf(storage, 'select pg_current_xact_id_if_assigned() as running')).toEqual([
    { running: null },
  ])
})

test('20 instances start at once on a server with little room, one at a time under the lock', async () => {
  const server = await startPostgres({ durable: false, settings: { max_connections: '15' } })
  onTestFinished(() => server.stop())
  const storages = Array.from({ length: 20 }, () => postgres({ url: server.url, schema: 'crowd', max: 3 }))
  let inside = 0
  let most = 0
  const starts = storages.map(async (storage) => {
    await storage.open(testHost())
    await storage.lock('migrations', async () => {
      most = Math.max(most, ++inside)
      await storage.write(system, async (connection) => {
        await connection.execute({ sql: 'create table if not exists started (n int)', parameters: [] })
        await connection.execute({ sql: 'insert into started values (1)', parameters: [] })
      })
      inside--
    })
    await storage.close()
  })
  await Promise.all(starts)
  const client = new pg.Client(server.url)
  await client.connect()
  const { rows } = await client.query('select count(*)::int as started from crowd.started')
  await client.end()
  expect({ most, ...rows[0] }).toEqual({ most: 1, started: 20 })
})

test('a lock ends with an error of its work and can be taken again', async () => {
  const { storage } = await openTestStorage()
  await expect(storage.lock('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await storage.lock('x', () => storage.lock('y', () => Promise.resolve('both')))).toBe('both')
})

test("a host's own pool serves the storage, keeps its settings and stays open", async () => {
  const pool = new pg.Pool({ connectionString: inject('postgresUrl'), max: 2 })
  onTestFinished(() => pool.end())
  const storage = postgres({ pool })
  await storage.open(testHost())
  const sql = `select '2026-01-31T09:30:00Z'::timestamptz(3) as at, current_setting('timezone') as zone`
  const rows = await rowsOf(storage, sql)
  await storage.close()
  const { rows: after } = await pool.query(`select current_setting('timezone') as zone`)
  expect(rows).toEqual([{ at: '2026-01-31T09:30:00.000Z', zone: after[0].zone }])
})
