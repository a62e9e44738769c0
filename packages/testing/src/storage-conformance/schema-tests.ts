import { sql } from 'kysely'
import { expect } from 'vitest'
import type { RegisterTest } from '../storage-conformance.ts'
import type { Workbench } from './workbench.ts'

/** Constraints by name, descriptions of tables, statistics. */
export function schemaTests(test: RegisterTest): void {
  test('a violated unique key names table and columns', async (bench) => {
    const table = await bench.createTable({ tenant_id: 'text', email: 'text' }, [
      'UNIQUE ("tenant_id", "email")',
    ])
    const insert = sql`insert into ${sql.id(table)} values ('a', 'x@example.com')`
    await bench.write(insert)
    expect(await violation(bench, insert)).toEqual({ kind: 'unique', table, columns: ['tenant_id', 'email'] })
  })

  test('a violated partial unique index names table and columns', async (bench) => {
    const table = await bench.createTable({ email: 'text', deleted_at: 'timestamp' })
    const index = `create unique index "${table}_key" on "${table}" ("email") where deleted_at is null`
    const insert = sql`insert into ${sql.id(table)} (email) values ('x@example.com')`
    await bench.write(sql.raw(index), insert)
    expect(await violation(bench, insert)).toEqual({ kind: 'unique', table, columns: ['email'] })
  })

  test('a violated not null names table and column', async (bench) => {
    const table = await bench.createTable({ name: ['text', 'NOT NULL'] })
    const insert = sql`insert into ${sql.id(table)} values (null)`
    expect(await violation(bench, insert)).toEqual({ kind: 'notNull', table, columns: ['name'] })
  })

  test('a violated check is one', async (bench) => {
    const table = await bench.createTable({ n: 'integer' }, ['CHECK (n > 0)'])
    expect(await violation(bench, sql`insert into ${sql.id(table)} values (0)`)).toMatchObject({
      kind: 'check',
    })
  })

  test('foreign keys are enforced on both sides', async (bench) => {
    const parent = await bench.createTable({ id: 'integer' }, ['PRIMARY KEY ("id")'])
    const child = await bench.createTable({ parent_id: 'integer' }, [
      `FOREIGN KEY ("parent_id") REFERENCES "${parent}" ("id") ON DELETE RESTRICT`,
    ])
    const orphan = sql`insert into ${sql.id(child)} values (2)`
    expect(await violation(bench, orphan)).toMatchObject({ kind: 'foreignKey' })
    await bench.write(
      sql`insert into ${sql.id(parent)} values (1)`,
      sql`insert into ${sql.id(child)} values (1)`,
    )
    expect(await violation(bench, sql`delete from ${sql.id(parent)}`)).toMatchObject({ kind: 'foreignKey' })
  })

  test('other errors are neither a violation nor worth a retry', async ({ storage, ...bench }) => {
    const error: unknown = await bench
      .write(sql`select * from no_such_table`)
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Error)
    for (const one of [error, new Error('x'), null, undefined, 'text', { code: 'SQLITE_BUSYBODY' }.code]) {
      expect(storage.constraintOf(one)).toBeNull()
      expect(storage.isRetryable(one)).toBe(false)
    }
  })

  test('equal tables are described alike, whatever way they came about', async (bench) => {
    const prefix = `${await bench.createTable({ n: 'integer' })}_`
    const type = bench.storage.sql.columnType('text')
    const columns = { id: ['uuid', 'NOT NULL'], name: 'text' } as const
    const table = `${prefix}thing`
    const index = sql.raw(`create unique index "${table}_name" on "${table}" ("name") where name is not null`)
    const describe = (): Promise<string> => bench.storage.describeSchema(prefix)
    const drop = sql.raw(`drop table "${table}"`)

    expect(await describe()).toBe('')
    await bench.write(
      bench.tableStatement(table, { ...columns, note: 'text' }, ['PRIMARY KEY ("id")']),
      index,
    )
    const created = await describe()
    await bench.write(drop, bench.tableStatement(table, columns, ['PRIMARY KEY ("id")']), index)
    const shorter = await describe()
    await bench.write(sql.raw(`alter table "${table}" add column "note" ${type}`))
    const altered = await describe()

    expect(altered).toBe(created)
    expect(shorter).not.toBe(created)
    expect(created).toContain('thing')
    await bench.write(sql.raw(`drop index "${table}_name"`))
    expect(await describe()).not.toBe(created)
    await bench.write(drop)
    expect(await describe()).toBe('')
  })

  test('statistics can be refreshed, and reads go on', async (bench) => {
    const table = await bench.createTable({ n: 'integer' })
    await bench.write(sql`insert into ${sql.id(table)} values (1)`)
    await bench.storage.analyze()
    expect(await bench.rows(sql`select n from ${sql.id(table)}`)).toEqual([{ n: 1 }])
  })
}

async function violation(bench: Workbench, query: ReturnType<typeof sql>): Promise<unknown> {
  const error: unknown = await bench.write(query).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(Error)
  expect(bench.storage.isRetryable(error)).toBe(false)
  return bench.storage.constraintOf(error)
}
