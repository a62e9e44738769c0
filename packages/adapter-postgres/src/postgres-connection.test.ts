import type { Connection, StatementResult } from '@clientele/core'
import { expect, test } from 'vitest'
import { hostClient, openTestStorage, rowsOf, run, system } from './test-storage.fixture.ts'

const PREPARED = {
  sql: `select count(*) as prepared from pg_prepared_statements where not from_sql is null`,
  parameters: [],
}

test('a statement that repeats is prepared on its connection', async () => {
  const { storage } = await openTestStorage()
  const prepared = await storage.write(system, async (connection) => {
    const counts = []
    for (let i = 0; i < 3; i++) {
      await connection.execute({ sql: 'select $1::int as n', parameters: [i] })
      const { rows } = await connection.execute({
        sql: `select count(*) as n from pg_prepared_statements where statement = 'select $1::int as n' and ${i} >= 0`,
        parameters: [],
      })
      counts.push(rows[0]!['n'])
    }
    return counts
  })
  expect(prepared).toEqual([0, 1, 1])
})

test('nothing is prepared when prepared statements are switched off', async () => {
  const { storage } = await openTestStorage({ preparedStatements: false })
  const { rows } = await storage.write(system, async (connection) => {
    for (let i = 0; i < 3; i++) await connection.execute(PREPARED)
    return connection.execute(PREPARED)
  })
  expect(rows).toEqual([{ prepared: 0 }])
})

test('a prepared statement survives a table that another connection alters', async () => {
  const { storage, schema } = await openTestStorage({ max: 2 })
  await run(storage, 'create table sample (id int)', 'insert into sample values (1)')
  for (let i = 0; i < 3; i++) expect(await rowsOf(storage, 'select * from sample')).toEqual([{ id: 1 }])
  const other = await hostClient()
  await other.query(`alter table ${schema}.sample add added_later text default 'x'`)
  for (let i = 0; i < 3; i++) {
    expect(await rowsOf(storage, 'select * from sample')).toEqual([{ id: 1, addedLater: 'x' }])
  }
})

test('inside a transaction such a statement asks for the transaction to run again, which succeeds', async () => {
  const { storage, schema } = await openTestStorage({ max: 2 })
  await run(storage, 'create table sample (id int)')
  const read = () =>
    storage.write(system, (connection) => connection.execute({ sql: 'select * from sample', parameters: [] }))
  for (let i = 0; i < 3; i++) await read()
  const other = await hostClient()
  await other.query(`alter table ${schema}.sample add more int; insert into ${schema}.sample values (1, 2)`)
  const error: unknown = await read().catch((error: unknown) => error)
  expect(storage.isRetryable(error)).toBe(true)
  expect((await read()).rows).toEqual([{ id: 1, more: 2 }])
})

test('a migration may read a table before and after it alters it', async () => {
  const { storage } = await openTestStorage()
  await run(storage, 'create table sample (id int)', 'insert into sample values (1)')
  const rows = await storage.write(system, async (connection) => {
    const read = () => connection.execute({ sql: 'select * from sample', parameters: [] })
    for (let i = 0; i < 3; i++) await read()
    await connection.execute({ sql: 'alter table sample add more int default 2', parameters: [] })
    return (await read()).rows
  })
  expect(rows).toEqual([{ id: 1, more: 2 }])
})

test('a connection keeps a limited number of prepared statements', async () => {
  const { storage } = await openTestStorage({ max: 2 })
  for (let i = 0; i < 600; i++) {
    await storage.read(system, async (connection) => {
      await twice(connection, `select ${i} as n`)
    })
  }
  const sql = 'select count(*) as kept from pg_prepared_statements'
  const [row] = await rowsOf(storage, sql)
  expect(row!['kept']).toBeGreaterThan(400)
  expect(row!['kept']).toBeLessThanOrEqual(520)
})

async function twice(connection: Connection, sql: string): Promise<StatementResult> {
  await connection.execute({ sql, parameters: [] })
  return connection.execute({ sql, parameters: [] })
}

test('several statements in one text run in order, and the last result counts', async () => {
  const { storage } = await openTestStorage()
  const { rows } = await storage.write(system, (connection) =>
    twice(
      connection,
      'create temp table if not exists several (n int); insert into several values (1); select * from several',
    ),
  )
  expect(rows).toEqual([{ n: 1 }, { n: 1 }])
})

test('rows that were changed are counted, rows that were read are not', async () => {
  const { storage } = await openTestStorage()
  const affected = await storage.write(system, async (connection) => {
    const run = async (sql: string) => (await connection.execute({ sql, parameters: [] })).affected
    return [
      await run('create table sample (n int)'),
      await run('insert into sample values (1), (2), (3)'),
      await run('update sample set n = n + 1 where n > 1'),
      await run('select * from sample'),
      await run('delete from sample'),
    ]
  })
  expect(affected).toEqual([0, 3, 2, 0, 3])
})

test('statements that nobody waited for run in the order they were given', async () => {
  const { storage } = await openTestStorage()
  const warnings: Error[] = []
  const listen = (warning: Error) => void warnings.push(warning)
  process.on('warning', listen)
  const values = await storage.write(system, async (connection) => {
    const run = (sql: string) => connection.execute({ sql, parameters: [] })
    await run('create temp table turns (n int)')
    const all = Array.from({ length: 10 }, (_, n) => run(`insert into turns values (${n})`))
    const { rows } = await run('select array_agg(n) as n from turns')
    await Promise.all(all)
    return rows
  })
  process.off('warning', listen)
  expect(values).toEqual([{ n: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }])
  expect(warnings).toEqual([])
})
