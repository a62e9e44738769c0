import type { LogFields, Storage } from '@clientele/core'
import type { PostgresTestStorage } from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import { postgres } from './postgres.ts'
import { hostClient, openTestStorage, rowsOf, run, system, testHost } from './test-storage.fixture.ts'

const TABLE = `create table c_note (tenant_id text collate "C" not null, id int not null, words text collate "C", primary key (tenant_id, id))`
const KEY = 'create unique index c_note_words_key on c_note (tenant_id, words)'

async function securedNotes(): Promise<PostgresTestStorage> {
  const secured = await openTestStorage({ rls: true })
  await run(secured.storage, TABLE, KEY)
  await secured.storage.secure!(['c_note'])
  const insert = {
    sql: `insert into c_note select t, n, t || n from unnest($1::text[]) t, generate_series(1, 2) n`,
    parameters: [['a', 'b']],
  }
  await secured.storage.write(system, (connection) => connection.execute(insert))
  return secured
}

const ALL = { sql: 'select words from c_note order by words', parameters: [] }

async function wordsSeenBy(storage: Storage, tenantId: string): Promise<unknown> {
  const { rows } = await storage.read({ tenantId }, (connection) => connection.execute(ALL))
  return rows.map(({ words }) => words)
}

test('with row-level security a select without any predicate sees one tenant, and the system all', async () => {
  const { storage } = await securedNotes()
  expect(storage.capabilities.rowLevelSecurity).toBe(true)
  expect(await wordsSeenBy(storage, 'a')).toEqual(['a1', 'a2'])
  expect(await wordsSeenBy(storage, 'b')).toEqual(['b1', 'b2'])
  expect(await wordsSeenBy(storage, '*')).toEqual(['a1', 'a2', 'b1', 'b2'])
  const { rows } = await storage.population({ tenantId: 'b' }, ALL)
  expect(rows).toEqual([{ words: 'b1' }, { words: 'b2' }])
})

test('a tenant can neither write nor move a row to another one', async () => {
  const { storage } = await securedNotes()
  const as = (tenantId: string, sql: string) =>
    storage.write({ tenantId }, (connection) => connection.execute({ sql, parameters: [] }))
  await expect(as('a', `insert into c_note values ('b', 9, 'x')`)).rejects.toMatchObject({ code: '42501' })
  await expect(as('a', `update c_note set tenant_id = 'b', id = 9`)).rejects.toMatchObject({ code: '42501' })
  expect(await as('a', `update c_note set words = words || '!'`)).toMatchObject({ affected: 2 })
  expect(await wordsSeenBy(storage, 'b')).toEqual(['b1', 'b2'])
})

test('the tenant does not outlive its transaction: a connection without one sees nothing', async () => {
  const { storage, url, schema } = await securedNotes()
  const client = await hostClient(url)
  await client.query(`set search_path to ${schema}`)
  expect((await client.query('select * from c_note')).rows).toEqual([])
  await client.query('begin')
  const joined = await storage.join({ tenantId: 'a' }, client)
  expect((await joined.execute(ALL)).rows).toHaveLength(2)
  await client.query('commit')
  expect((await client.query('select * from c_note')).rows).toEqual([])
})

test('securing tables again changes nothing, and a new table is added', async () => {
  const { storage } = await securedNotes()
  const policies = () =>
    rowsOf(storage, 'select oid::int8, polname from pg_policy where polrelid = $1::regclass', ['c_note'])
  const before = await policies()
  await run(storage, 'create table c_more (tenant_id text collate "C" not null, id int)')
  await storage.secure!(['c_note', 'c_more'])
  expect(before).toHaveLength(1)
  expect(await policies()).toEqual(before)
  const forced = `select relforcerowsecurity as forced from pg_class where oid = 'c_more'::regclass`
  expect(await rowsOf(storage, forced)).toEqual([{ forced: true }])
})

test('processes that start together secure the tables once', async () => {
  const { storage } = await openTestStorage({ rls: true })
  await run(storage, TABLE, 'create table c_more (tenant_id text collate "C" not null, id int)')
  await Promise.all(Array.from({ length: 6 }, () => storage.secure!(['c_note', 'c_more'])))
  expect(
    await rowsOf(storage, `select count(*) as n from pg_policies where schemaname = current_schema()`),
  ).toEqual([{ n: 2 }])
})

test('a violated key still names its columns, which the server keeps to itself', async () => {
  const { storage } = await securedNotes()
  const error: unknown = await run(storage, `insert into c_note values ('a', 9, 'a1')`).catch(
    (e: unknown) => e,
  )
  expect(error).not.toHaveProperty('detail', expect.stringContaining('words'))
  expect(storage.constraintOf(error)).toEqual({
    kind: 'unique',
    table: 'c_note',
    columns: ['tenant_id', 'words'],
  })
})

test('bulk rows obey the policy', async () => {
  const { storage } = await securedNotes()
  const columns = [
    { name: 'tenant_id', type: 'text' },
    { name: 'id', type: 'integer' },
  ] as const
  const insert = (tenant: string) =>
    storage.write({ tenantId: 'a' }, (connection) => connection.insertRows('c_note', columns, [[tenant, 5]]))
  expect(await insert('a')).toBe(1)
  await expect(insert('b')).rejects.toMatchObject({ code: '42501' })
})

test('a superuser is told that row-level security does nothing for it', async () => {
  const warnings: LogFields[] = []
  const storage = postgres({ url: inject('postgresUrl'), rls: true })
  onTestFinished(() => storage.close())
  await storage.open({
    ...testHost(),
    logger: { ...testHost().logger, warn: (_, message) => void warnings.push({ message }) },
  })
  expect(warnings).toContainEqual({ message: expect.stringContaining('no effect') })
})
