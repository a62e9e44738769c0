import type { StatementResult } from '@clientele/core'
import { sql } from 'kysely'
import { expect } from 'vitest'
import type { RegisterTest } from '../storage-conformance.ts'
import { scope, type Workbench } from './workbench.ts'

/** Bulk, streams, populations and locks. */
export function laneTests(test: RegisterTest): void {
  test('it is healthy, and its time is whole milliseconds that do not run backwards', async ({ storage }) => {
    await storage.health()
    const first = await storage.now()
    const second = await storage.now()
    expect(Number.isSafeInteger(first)).toBe(true)
    expect(second).toBeGreaterThanOrEqual(first)
  })

  test('closing waits for a running transaction, then refuses work; closing again is harmless', async (bench) => {
    const other = await bench.another()
    const { storage } = other
    const table = await other.createTable({ n: 'integer' })
    const started = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const written = storage.write(scope, async (connection) => {
      started.resolve()
      await finish.promise
      await connection.execute(other.statement(sql`insert into ${sql.id(table)} values (1)`))
    })
    await started.promise
    const closed = storage.close()
    finish.resolve()
    await written
    await closed
    await storage.close()
    await expect(storage.read(scope, async () => 'read')).rejects.toMatchObject({
      code: 'storage.unavailable',
    })
    await expect(storage.write(scope, async () => 'written')).rejects.toMatchObject({
      code: 'storage.unavailable',
    })
    await expect(storage.health()).rejects.toMatchObject({ code: 'storage.unavailable' })
    expect(await other.rows(sql`select n from ${sql.id(table)}`, other.peer)).toEqual([{ n: 1 }])
    await other.close()
  })

  test('insertRows inserts ten thousand rows', async (bench) => {
    const table = await numbered(bench, 10_000)
    const [row] = await bench.rows(sql`select count(*) as n, sum(n) as total from ${sql.id(table)}`)
    expect(row).toEqual({ n: 10_000, total: (10_000 * 9999) / 2 })
  })

  test('insertRows inserts all or none', async (bench) => {
    const table = await bench.createTable({ n: 'integer' }, ['PRIMARY KEY ("n")'])
    const rows = [...Array.from({ length: 1000 }, (_, n) => [n]), [7]]
    const insert = bench.storage.write(scope, (connection) =>
      connection.insertRows(table, [{ name: 'n', type: 'integer' }], rows),
    )
    await expect(insert).rejects.toSatisfy((error) => bench.storage.constraintOf(error)?.kind === 'unique')
    expect(await bench.rows(sql`select * from ${sql.id(table)}`)).toEqual([])
  })

  test('insertRows of no rows inserts none', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    const inserted = await bench.storage.write(scope, (connection) =>
      connection.insertRows(table, [{ name: 'n', type: 'integer' }], []),
    )
    expect(inserted).toBe(0)
  })

  test('a stream answers chunks of at most the asked size, in order', async (bench) => {
    const table = await numbered(bench, 250)
    const statement = bench.statement(sql`select n from ${sql.id(table)} order by n`)
    const sizes: number[] = []
    const seen: unknown[] = []
    await bench.storage.read(scope, async (connection) => {
      for await (const { rows } of connection.stream(statement, 100)) {
        sizes.push(rows.length)
        seen.push(...rows.map(({ n }) => n))
      }
    })
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
    expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => n))
  })

  test('a stream can be left early, and the connection goes on', async (bench) => {
    const table = await numbered(bench, 250)
    const statement = bench.statement(sql`select n from ${sql.id(table)} order by n`)
    const update = bench.statement(sql`update ${sql.id(table)} set n = -1 where n = 0`)
    await bench.storage.write(scope, async (connection) => {
      for await (const { rows } of connection.stream(statement, 10)) {
        expect(rows).toHaveLength(10)
        break
      }
      expect((await connection.execute(update)).affected).toBe(1)
    })
    expect(await bench.rows(sql`select count(*) as n from ${sql.id(table)} where n = -1`)).toEqual([{ n: 1 }])
  })

  test('a transaction writes while it reads a stream', async (bench) => {
    const table = await numbered(bench, 30)
    const done = await bench.createTable({ n: 'integer' })
    const statement = bench.statement(sql`select n from ${sql.id(table)} order by n`)
    await bench.storage.write(scope, async (connection) => {
      for await (const { rows } of connection.stream(statement, 10)) {
        const values = rows.map(({ n }) => [n])
        await connection.insertRows(done, [{ name: 'n', type: 'integer' }], values)
      }
    })
    expect(await bench.rows(sql`select count(*) as n from ${sql.id(done)}`)).toEqual([{ n: 30 }])
  })

  test('an open stream does not hide later commits from other reads', async (bench) => {
    const table = await numbered(bench, 30)
    const statement = bench.statement(sql`select n from ${sql.id(table)} order by n`)
    await bench.storage.read(scope, async (connection) => {
      for await (const chunk of connection.stream(statement, 10)) {
        expect(chunk.rows).toHaveLength(10)
        await bench.write(sql`insert into ${sql.id(table)} values (1000)`)
        expect(await bench.rows(sql`select max(n) as top from ${sql.id(table)}`)).toEqual([{ top: 1000 }])
        break
      }
    })
  })

  test('a population statement answers as a read does', async (bench) => {
    const table = await numbered(bench, 100)
    const query = sql`select n from ${sql.id(table)} where n < ${50} order by n desc`
    const { rows } = await bench.storage.population(scope, bench.statement(query))
    expect(rows).toEqual(await bench.rows(query))
  })

  test('a population statement that fails rejects, and the lane goes on', async (bench) => {
    const wrong = bench.storage.population(scope, bench.statement(sql`select * from no_such_table`))
    await expect(wrong).rejects.toThrow('no_such_table')
    expect((await bench.storage.population(scope, bench.statement(sql`select 1 as n`))).rows).toEqual([
      { n: 1 },
    ])
  })

  test('aborting a population statement rejects with the reason, waiting or running', async (bench) => {
    const slow = bench.statement(
      sql`with recursive c as (select 1 as n union all select n + 1 from c where n < 300000) select count(*) as n from c`,
    )
    const reason = new Error('no longer wanted')
    const running = new AbortController()
    const waiting = new AbortController()
    const before = AbortSignal.abort(reason)
    const outcomes = Promise.allSettled([
      bench.storage.population(scope, slow, running.signal),
      bench.storage.population(scope, slow, waiting.signal),
      bench.storage.population(scope, slow, before),
      bench.storage.population(scope, slow),
    ])
    setImmediate(() => {
      running.abort(reason)
      waiting.abort(reason)
    })
    const [first, second, third, last] = await outcomes
    for (const outcome of [first, second, third]) expect(outcome).toEqual({ status: 'rejected', reason })
    expect((last as PromiseFulfilledResult<StatementResult>).value.rows).toEqual([{ n: 300_000 }])
  })

  test('a lock has one holder among all processes, who can write meanwhile', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    let holders = 0
    let most = 0
    const work = async (storage: typeof bench.storage): Promise<void> =>
      storage.lock('migrations', async () => {
        most = Math.max(most, ++holders)
        await storage.write(scope, async (connection) => {
          await connection.execute(bench.statement(sql`insert into ${sql.id(table)} values (1)`))
        })
        holders--
      })
    const { storage, peer } = bench
    await Promise.all([work(storage), work(peer), work(storage), work(peer)])
    expect(most).toBe(1)
    expect(await bench.rows(sql`select count(*) as n from ${sql.id(table)}`)).toEqual([{ n: 4 }])
  })

  test('a lock is given back when its holder fails', async ({ storage, peer }) => {
    const failing = storage.lock('migrations', async () => {
      throw new Error('failed under the lock')
    })
    await expect(failing).rejects.toThrow('failed under the lock')
    expect(await peer.lock('migrations', async () => 'mine')).toBe('mine')
  })
}

async function numbered(bench: Workbench, length: number): Promise<string> {
  const table = await bench.createTable({ n: 'integer' })
  const rows = Array.from({ length }, (_, n) => [n])
  await bench.storage.write(scope, async (connection) => {
    expect(await connection.insertRows(table, [{ name: 'n', type: 'integer' }], rows)).toBe(length)
  })
  return table
}
