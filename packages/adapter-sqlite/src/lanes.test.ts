import { silentLogger, type Statement, type Storage, systemClock } from '@clientele/core'
import { temporaryFolder } from '@clientele/testing'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { insertStatements } from './insert-rows.ts'
import { PopulationLane } from './population-lane.ts'
import { sqlite, type SqliteOptions } from './sqlite.ts'

const scope = { tenantId: '*' }
const host = { logger: silentLogger(), clock: systemClock(), columnType: () => undefined }
const statement = (sql: string, ...parameters: unknown[]): Statement => ({ sql, parameters })

test('every connection waits for the disk and enforces foreign keys', async () => {
  const storage = await open()
  for (const pragma of ['synchronous', 'foreign_keys', 'journal_mode']) {
    const query = statement(`SELECT * FROM pragma_${pragma}`)
    const answers = [
      await storage.read(scope, (connection) => connection.execute(query)),
      await storage.write(scope, (connection) => connection.execute(query)),
      await storage.population(scope, query),
    ]
    const expected = { synchronous: 2, foreign_keys: 1, journal_mode: 'wal' }[pragma]
    expect(answers.map(({ rows }) => Object.values(rows[0]!)[0])).toEqual([expected, expected, expected])
  }
})

test('the read lane and the population lane refuse to write', async () => {
  const storage = await open()
  await storage.write(scope, (connection) =>
    connection.execute(statement('CREATE TABLE t (n INTEGER) STRICT')),
  )
  const insert = statement('INSERT INTO t VALUES (1) RETURNING n')
  await expect(storage.read(scope, (connection) => connection.execute(insert))).rejects.toThrow('readonly')
  await expect(storage.population(scope, insert)).rejects.toThrow('readonly')
  await expect(storage.population(scope, statement('DELETE FROM t'))).rejects.toMatchObject({
    code: 'storage.read_only',
  })
})

test('a population statement of a second leaves reads answering', async () => {
  const storage = await open()
  const count = `WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 5000000) SELECT count(*) AS n FROM c`
  let answered = false
  const population = storage.population(scope, statement(count)).then((result) => {
    answered = true
    return result
  })
  for (let i = 0; i < 100; i++)
    await storage.read(scope, (connection) => connection.execute(statement('SELECT 1')))
  expect(answered).toBe(false)
  expect((await population).rows).toEqual([{ n: 5_000_000 }])
})

const LONG_COUNT = `WITH RECURSIVE c AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 3000000) SELECT count(*) AS n FROM c`

test('a second population statement does not wait for a long one, and aborted ones keep nobody waiting', async () => {
  const storage = await open()
  const stops = [new AbortController(), new AbortController()]
  const long = stops.map(({ signal }) => storage.population(scope, statement(LONG_COUNT), signal))
  const settled = Promise.allSettled(long)
  const reason = new Error('nobody waits any more')
  stops[0]!.abort(reason)
  expect((await storage.population(scope, statement('SELECT 1 AS n'))).rows).toEqual([{ n: 1 }])
  stops[1]!.abort(reason)
  // Both threads are busy with what was aborted.
  expect((await storage.population(scope, statement('SELECT 2 AS n'))).rows).toEqual([{ n: 2 }])
  expect(await settled).toEqual([
    { status: 'rejected', reason },
    { status: 'rejected', reason },
  ])
})

test('the population worker starts again after it died', async () => {
  const folder = join(await temporaryFolder(), 'later')
  const lane = new PopulationLane(join(folder, 'test.db'))
  const plan = { names: ['n'], types: [null], decoders: [null] }
  await expect(lane.run(statement('SELECT 1 AS n'), plan)).rejects.toMatchObject({
    code: 'storage.unavailable',
  })
  const storage = sqlite(join(folder, 'test.db'))
  await storage.open(host)
  expect((await lane.run(statement('SELECT 1 AS n'), plan)).rows).toEqual([{ n: 1 }])
  await lane.close()
  await storage.close()
})

test('a long row of awaited writes lets timers run', async () => {
  const storage = await open()
  await storage.write(scope, (connection) =>
    connection.execute(statement('CREATE TABLE t (n INTEGER) STRICT')),
  )
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  for (let i = 0; i < 500; i++) {
    await storage.write(scope, (connection) => connection.execute(statement('INSERT INTO t VALUES (?)', i)))
  }
  clearInterval(timer)
  expect(ticks).toBeGreaterThan(0)
})

test('a read between a schema change and its commit is no obstacle to seeing the change afterwards', async () => {
  const storage = await open()
  const all = statement('SELECT * FROM t')
  const read = (): Promise<unknown> =>
    storage.read(scope, async (connection) => (await connection.execute(all)).rows)
  await storage.write(scope, async (connection) => {
    await connection.execute(statement('CREATE TABLE t (old_name INTEGER) STRICT'))
    await connection.execute(statement('INSERT INTO t VALUES (1)'))
  })
  await storage.write(scope, async (connection) => {
    await connection.execute(statement('ALTER TABLE t RENAME COLUMN old_name TO new_name'))
    expect(await read()).toEqual([{ oldName: 1 }])
  })
  expect(await read()).toEqual([{ newName: 1 }])
})

test('the hook hears of statements that held the thread too long', async () => {
  const slow: string[] = []
  const storage = await open({ onSlowStatement: ({ sql }) => slow.push(sql), slowStatementMs: 0 })
  await storage.read(scope, (connection) => connection.execute(statement('SELECT 7')))
  expect(slow).toContain('SELECT 7')
})

test('a database in memory is a file that goes with the storage', async () => {
  const storage = sqlite(':memory:')
  await storage.open(host)
  await storage.write(scope, (connection) =>
    connection.execute(statement('CREATE TABLE t (n INTEGER) STRICT')),
  )
  expect((await storage.population(scope, statement('SELECT count(*) AS n FROM t'))).rows).toEqual([{ n: 0 }])
  expect(existsSync(dirname(storage.keyFile!))).toBe(true)
  await storage.close()
  expect(existsSync(dirname(storage.keyFile!))).toBe(false)
})

test('what is no database is refused by name', async () => {
  const storage = sqlite(import.meta.filename)
  await expect(storage.open(host)).rejects.toMatchObject({ code: 'storage.unavailable' })
  await expect(storage.open(host)).rejects.toThrow('lanes.test.ts')
})

test('rows too wide for a hundred at a time go in fewer', () => {
  const columns = Array.from({ length: 1000 }, (_, i) => `c${i}`)
  const row = columns.map(() => 1)
  const statements = [
    ...insertStatements(
      'wide',
      columns,
      Array.from({ length: 70 }, () => row),
    ),
  ]
  expect(statements.map(({ parameters }) => parameters.length / 1000)).toEqual([32, 32, 1, 1, 1, 1, 1, 1])
})

async function open(options: SqliteOptions = {}): Promise<Storage> {
  const storage = sqlite({ file: join(await temporaryFolder(), 'test.db'), ...options })
  await storage.open(host)
  onTestFinished(() => storage.close())
  return storage
}
