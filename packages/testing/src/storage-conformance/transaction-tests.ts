import type { Storage } from '@clientele/core'
import { sql } from 'kysely'
import { expect } from 'vitest'
import type { RegisterTest } from '../storage-conformance.ts'
import { scope, type Workbench } from './workbench.ts'

/** What a transaction keeps, and what it promises to others. */
export function transactionTests(test: RegisterTest): void {
  test('a write is kept when it resolves, and nothing of it when it rejects', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    const insert = bench.statement(sql`insert into ${sql.id(table)} values (1)`)
    expect(
      await bench.storage.write(scope, async (connection) => (await connection.execute(insert)).affected),
    ).toBe(1)
    const failing = bench.storage.write(scope, async (connection) => {
      await connection.execute(insert)
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await count(bench, table)).toBe(1)
  })

  test('affected counts rows inserted, updated and deleted, and is 0 for a read', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    const t = sql.id(table)
    await bench.storage.write(scope, async (connection) => {
      const affected = async (query: ReturnType<typeof sql>): Promise<number> =>
        (await connection.execute(bench.statement(query))).affected
      expect(await affected(sql`insert into ${t} values (1), (2), (3)`)).toBe(3)
      expect(await affected(sql`update ${t} set n = n + 1 where n > 1`)).toBe(2)
      expect(await affected(sql`update ${t} set n = 0 where n > 2 returning n`)).toBe(2)
      expect(await affected(sql`delete from ${t} where n = 1`)).toBe(1)
      expect(await affected(sql`delete from ${t} where n = 99`)).toBe(0)
      expect(await affected(sql`select n from ${t}`)).toBe(0)
    })
  })

  test('savepoints are statements: one is undone without the rest', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    const t = sql.id(table)
    await bench.write(
      sql`insert into ${t} values (1)`,
      sql`savepoint one`,
      sql`insert into ${t} values (2)`,
      sql`rollback to savepoint one`,
      sql`release savepoint one`,
      sql`insert into ${t} values (3)`,
    )
    expect(await bench.rows(sql`select n from ${t} order by n`)).toEqual([{ n: 1 }, { n: 3 }])
  })

  test('the read lane sees committed rows only, and sees them at once', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    await bench.storage.write(scope, async (connection) => {
      await connection.execute(bench.statement(sql`insert into ${sql.id(table)} values (1)`))
      expect(await count(bench, table)).toBe(0)
    })
    expect(await count(bench, table)).toBe(1)
    expect(await count(bench, table, bench.peer)).toBe(1)
  })

  test('concurrent read-modify-write transactions lose no update', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    await bench.write(sql`insert into ${sql.id(table)} values (0)`)
    const increments = Array.from({ length: 40 }, (_, i) =>
      increment(bench, i % 2 ? bench.peer : bench.storage, table),
    )
    await Promise.all(increments)
    expect(await bench.rows(sql`select n from ${sql.id(table)}`)).toEqual([{ n: 40 }])
  })

  test('schema changes roll back with their transaction', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    const other = `${table}_other`
    const failing = bench.storage.write(scope, async (connection) => {
      const run = (query: ReturnType<typeof sql>): Promise<unknown> =>
        connection.execute(bench.statement(query))
      await run(bench.tableStatement(other, { n: 'integer' }))
      await run(sql.raw(`alter table "${table}" add column extra ${bench.storage.sql.columnType('text')}`))
      await run(sql`insert into ${sql.id(table)} values (1, 'x')`)
      await run(sql`select * from ${sql.id(table)}`)
      throw new Error('migration failed')
    })
    await expect(failing).rejects.toThrow('migration failed')
    await expect(bench.rows(sql`select * from ${sql.id(other)}`)).rejects.toThrow(other)
    await bench.write(sql`insert into ${sql.id(table)} values (7)`)
    expect(await bench.rows(sql`select * from ${sql.id(table)}`)).toEqual([{ n: 7 }])
  })

  test('a statement prepared before a schema change sees the new columns', async (bench) => {
    const table = await bench.createTable({ first_one: 'integer' })
    const all = sql`select * from ${sql.id(table)}`
    await bench.write(sql`insert into ${sql.id(table)} values (1)`)
    expect(await bench.rows(all)).toEqual([{ firstOne: 1 }])
    expect(await bench.rows(all, bench.peer)).toEqual([{ firstOne: 1 }])
    expect((await bench.storage.population(scope, bench.statement(all))).rows).toEqual([{ firstOne: 1 }])
    await bench.write(
      sql.raw(`alter table "${table}" add column next_one ${bench.storage.sql.columnType('text')}`),
    )
    expect(await bench.rows(all)).toEqual([{ firstOne: 1, nextOne: null }])
    expect(await bench.rows(all, bench.peer)).toEqual([{ firstOne: 1, nextOne: null }])
    expect((await bench.storage.population(scope, bench.statement(all))).rows).toEqual([
      { firstOne: 1, nextOne: null },
    ])
  })

  test('a statement prepared before a column was renamed sees its new name', async (bench) => {
    const table = await bench.createTable({ first_one: 'integer' })
    const all = sql`select * from ${sql.id(table)}`
    const rename = sql.raw(`alter table "${table}" rename column first_one to next_one`)
    await bench.write(sql`insert into ${sql.id(table)} values (1)`)
    expect(await bench.rows(all)).toEqual([{ firstOne: 1 }])
    const failing = bench.storage.write(scope, async (connection) => {
      await connection.execute(bench.statement(rename))
      expect((await connection.execute(bench.statement(all))).rows).toEqual([{ nextOne: 1 }])
      throw new Error('not yet')
    })
    await expect(failing).rejects.toThrow('not yet')
    expect(await bench.rows(all)).toEqual([{ firstOne: 1 }])
    await bench.write(all, rename, all)
    expect(await bench.rows(all)).toEqual([{ nextOne: 1 }])
    expect((await bench.storage.population(scope, bench.statement(all))).rows).toEqual([{ nextOne: 1 }])
    await bench.storage.write(scope, async (connection) => {
      expect((await connection.execute(bench.statement(all))).rows).toEqual([{ nextOne: 1 }])
    })
  })

  test('a host transaction commits and rolls back what was written by join', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    const insert = bench.statement(sql`insert into ${sql.id(table)} values (1)`)
    await bench.storage.hostTransaction(async (hostConnection) => {
      const connection = await bench.storage.join(scope, hostConnection)
      await connection.execute(insert)
      expect(await count(bench, table)).toBe(0)
    })
    expect(await count(bench, table)).toBe(1)
    const failing = bench.storage.hostTransaction(async (hostConnection) => {
      const connection = await bench.storage.join(scope, hostConnection)
      await connection.execute(insert)
      throw new Error('the host failed')
    })
    await expect(failing).rejects.toThrow('the host failed')
    expect(await count(bench, table)).toBe(1)
  })

  test('join refuses what is no open transaction', async (bench) => {
    await expect(bench.storage.join(scope, {})).rejects.toThrow('Cannot join')
    await expect(bench.storage.join(scope, null)).rejects.toThrow('Cannot join')
    const over = await bench.storage.hostTransaction(async (hostConnection) => hostConnection)
    const use = async (): Promise<void> => {
      const connection = await bench.storage.join(scope, over)
      await connection.execute(bench.statement(sql`select 1 as n`))
    }
    await expect(use()).rejects.toThrow(/transaction/i)
  })
}

/** As `t.lock` does it: where writers run side by side, the row is locked before it is read. */
async function increment(bench: Workbench, storage: Storage, table: string): Promise<void> {
  const lock = sql.raw(storage.capabilities.rowLocks ? 'for update' : '')
  for (;;) {
    try {
      await storage.write(scope, async (connection) => {
        const { rows } = await connection.execute(
          bench.statement(sql`select n from ${sql.id(table)} ${lock}`),
        )
        const next = (rows[0]!['n'] as number) + 1
        await connection.execute(bench.statement(sql`update ${sql.id(table)} set n = ${next}`))
      })
      return
    } catch (error) {
      if (!storage.isRetryable(error)) throw error
    }
  }
}

async function count(bench: Workbench, table: string, storage?: Storage): Promise<unknown> {
  const [row] = await bench.rows(sql`select count(*) as n from ${sql.id(table)}`, storage)
  return row?.['n']
}
