import type { SqlType } from '@clientele/core'
import { postgresTestStorage, storageConformance, temporaryFolder } from '@clientele/testing'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { postgres } from './postgres.ts'
import { openTestStorage, rowsOf, run, system, testHost } from './test-storage.fixture.ts'

for (const [name, options] of [
  ['postgres', {}],
  ['postgres with row-level security, without prepared statements', { rls: true, preparedStatements: false }],
] as const) {
  const isOwnerOnly = 'rls' in options
  storageConformance({
    name,
    skip: isOwnerOnly
      ? [
          {
            reason: 'an ordinary role that owns one schema may not make another',
            tests: ['a scratch database is empty, its own, and gone when it is closed'],
          },
        ]
      : [],
    create: async () => {
      const test = await postgresTestStorage(inject('postgresUrl'), options)
      const peer = postgres({ url: test.url, schema: test.schema, max: 5, ...options })
      return {
        storage: test.storage,
        peer,
        dispose: async () => {
          await peer.close()
          await test.dispose()
        },
      }
    },
  })
}

test('values come back as TypeScript sees them', async () => {
  const { storage } = await openTestStorage()
  await run(
    storage,
    `create table sample (id uuid, name text, amount bigint, ratio double precision, is_open boolean, placed_at timestamptz(3), details jsonb, body bytea)`,
  )
  const encode = (type: SqlType, value: unknown): unknown => storage.sql.encode(type, value)
  const id = '01890a5d-ac96-774b-bcce-b302099a8057'
  await storage.write(system, (connection) =>
    connection.execute({
      sql: 'insert into sample values ($1, $2, $3, $4, $5, $6, $7, $8)',
      parameters: [
        encode('uuid', id),
        encode('text', 'Ana'),
        encode('integer', 9_007_199_254_740_991),
        encode('real', 0.1),
        encode('boolean', false),
        encode('timestamp', '2026-01-31T09:30:00.120Z'),
        encode('json', ['a', { b: null }]),
        encode('bytes', new Uint8Array([0, 255])),
      ],
    }),
  )
  const sql = `select *, count(*) over () as lines, sum(amount) over () as "total::integer", details ->> 1 as "second::json", details -> 0 as "first::json" from sample`
  expect(await rowsOf(storage, sql)).toEqual([
    {
      id,
      name: 'Ana',
      amount: 9_007_199_254_740_991,
      ratio: 0.1,
      isOpen: false,
      placedAt: '2026-01-31T09:30:00.120Z',
      details: ['a', { b: null }],
      body: Buffer.from([0, 255]),
      lines: 1,
      total: 9_007_199_254_740_991,
      second: { b: null },
      first: 'a',
    },
  ])
})

test('a malformed id finds nothing instead of failing', async () => {
  const { storage } = await openTestStorage()
  await run(storage, 'create table sample (id uuid)', 'insert into sample values (gen_random_uuid())')
  const id = storage.sql.encode('uuid', "no'uuid")
  expect(await rowsOf(storage, 'select * from sample where id = $1', [id])).toEqual([])
})

test('text that PostgreSQL cannot hold is refused before it is sent, or made whole', async () => {
  const { storage } = await openTestStorage()
  const nul = expect.objectContaining({ code: 'postgres.nul_character', status: 422 })
  expect(() => storage.sql.encode('text', 'a\0b')).toThrow(nul)
  expect(() => storage.sql.encode('json', { note: 'a\\\0b' })).toThrow(nul)
  const kept = { a: '\\u0000', b: '\\\\ud800', pair: '\u{1F600}' }
  const json = storage.sql.encode('json', { ...kept, half: '\ud83d!' })
  expect(await rowsOf(storage, 'select $1::jsonb as j', [json])).toEqual([
    { j: { ...kept, half: '\ufffd!' } },
  ])
})

test('an integer that would lose digits is an error, not another number', async () => {
  const { storage } = await openTestStorage()
  await expect(rowsOf(storage, 'select 9007199254740993::bigint')).rejects.toMatchObject({
    code: 'postgres.unsafe_integer',
  })
  expect(await rowsOf(storage, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a transaction whose failed statement was caught is not reported as committed', async () => {
  const { storage } = await openTestStorage()
  await run(storage, 'create table sample (id int primary key)')
  const swallowed = storage.write(system, async (connection) => {
    await connection.execute({ sql: 'insert into sample values (1)', parameters: [] })
    await connection.execute({ sql: 'insert into sample values (1)', parameters: [] }).catch(() => {})
  })
  await expect(swallowed).rejects.toMatchObject({ code: 'postgres.rolled_back' })
  expect(await rowsOf(storage, 'select * from sample')).toEqual([])
})

test('a statement that waits too long for a row lock asks for another run, then says the database is busy', async () => {
  const { storage } = await openTestStorage({ lockTimeout: 50 })
  await run(storage, 'create table sample (id int primary key)', 'insert into sample values (1)')
  const lock = { sql: 'select * from sample for update', parameters: [] }
  await storage.write(system, async (first) => {
    await first.execute(lock)
    const second = storage.write(system, (connection) => connection.execute(lock))
    const error: unknown = await second.catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'storage.busy' })
    expect(storage.isRetryable(error)).toBe(true)
  })
})

test('a stream hands out chunks and may be left early', async () => {
  const { storage } = await openTestStorage()
  const series = { sql: 'select n as "line_number" from generate_series(1, 7) n', parameters: [] }
  const sizes = await storage.read(system, async (connection) => {
    const chunks = []
    for await (const { rows } of connection.stream(series, 3))
      chunks.push(rows.map((row) => row['lineNumber']))
    for await (const _ of connection.stream(series, 2)) break
    return [chunks, (await connection.execute({ sql: 'select 1 as one', parameters: [] })).rows]
  })
  expect(sizes).toEqual([[[1, 2, 3], [4, 5, 6], [7]], [{ one: 1 }]])
})

test('a stream reports the error of its statement', async () => {
  const { storage } = await openTestStorage()
  const failing = storage.read(system, async (connection) => {
    for await (const _ of connection.stream({ sql: 'select 1 / 0', parameters: [] }, 10));
  })
  await expect(failing).rejects.toMatchObject({ code: '22012' })
  expect(await rowsOf(storage, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('an unreachable server is named without its password', async () => {
  const storage = postgres('postgres://shop:hunter2@127.0.0.1:1/shop')
  const error: unknown = await storage.open(testHost()).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'storage.unavailable' })
  expect(String(error)).toContain('127.0.0.1:1, database "shop"')
  expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
})

test('a wrong password and a missing database are said in one sentence', async () => {
  const url = new URL(inject('postgresUrl'))
  url.pathname = '/nowhere'
  await expect(postgres(url.href).open(testHost())).rejects.toThrow(/"nowhere", does not answer: .*nowhere/)
})

test('options that cannot work are refused before anything connects', () => {
  expect(() => postgres({ max: 1 })).toThrow(/at least 2/)
  expect(() => postgres({ schema: 'My Schema' })).toThrow(/lower-case/)
})

test('a storage that is not open says so, one that is closed twice does not mind', async () => {
  const storage = postgres(inject('postgresUrl'))
  await expect(storage.join(system, {})).rejects.toMatchObject({ code: 'config.not_started' })
  await expect(storage.health()).rejects.toMatchObject({ code: 'config.not_started' })
  await storage.open(testHost())
  await storage.close()
  await storage.close()
  await expect(storage.health()).rejects.toMatchObject({ code: 'storage.unavailable' })
})

test('closing waits for what runs', async () => {
  const { storage } = await openTestStorage()
  const running = rowsOf(storage, 'select 1 as one from pg_sleep(0.2)')
  await storage.close()
  expect(await running).toEqual([{ one: 1 }])
})

test('the description names every difference and not the schema', async () => {
  const tables = [
    `create table c_team (tenant_id text collate "C" not null, id uuid not null, primary key (tenant_id, id))`,
    `create table c_player (tenant_id text collate "C" not null, id uuid not null, email text collate "C", rank bigint default 3 not null, team uuid, primary key (tenant_id, id), foreign key (tenant_id, team) references c_team (tenant_id, id) on delete cascade)`,
    `create unique index c_player_email_key on c_player (tenant_id, email) where deleted_at is null`,
    `create table other (id int)`,
  ] as const
  const [one, two] = [await openTestStorage(), await openTestStorage()]
  for (const { storage } of [one, two]) {
    await run(
      storage,
      tables[0],
      tables[1],
      'alter table c_player add deleted_at timestamptz(3)',
      tables[2],
      tables[3],
    )
  }
  const description = await one.storage.describeSchema('c_')
  expect(description).toBe(await two.storage.describeSchema('c_'))
  expect(description).not.toContain(one.schema)
  expect(description).toMatchInlineSnapshot(`
    "c_player
      column deleted_at timestamp(3) with time zone
      column email text collate C
      column id uuid not null
      column rank bigint not null default 3
      column team uuid
      column tenant_id text collate C not null
      foreign key (tenant_id, team) references c_team (tenant_id, id) on delete cascade
      primary key (tenant_id, id)
      unique index c_player_email_key (tenant_id, email) where (deleted_at IS NULL)

    c_team
      column id uuid not null
      column tenant_id text collate C not null
      primary key (tenant_id, id)"
  `)
  await run(two.storage, 'alter table c_player alter rank drop default')
  expect(await two.storage.describeSchema('c_')).not.toBe(description)
})

test('statistics are refreshed for the tables of the instance', async () => {
  const { storage } = await openTestStorage()
  await run(storage, 'create table sample (id int)', 'insert into sample select generate_series(1, 500)')
  await storage.analyze()
  const sql = `select reltuples from pg_class where oid = 'sample'::regclass`
  expect(await rowsOf(storage, sql)).toEqual([{ reltuples: 500 }])
})

test('a backup without pg_dump says which command to run, without the password', async () => {
  const { url, schema } = await postgresTestStorage(inject('postgresUrl'))
  const storage = postgres({ url, schema })
  const path = process.env['PATH']
  onTestFinished(() => void (process.env['PATH'] = path))
  const folder = await temporaryFolder()
  process.env['PATH'] = folder

  const failure = await storage.backup!(join(folder, 'shop.dump')).catch((error: Error) => error)

  expect(failure).toMatchObject({ code: 'postgres.no_tool' })
  expect((failure as Error).message).toContain(`--schema=${schema} --dbname=postgres://postgres@127.0.0.1:`)
  expect((failure as Error).message).not.toContain('postgres:postgres')
  expect(await readdir(folder)).toEqual([])
})

// The server brought along has no pg_dump, and the machine's may be too old for it: a script stands in for the tool.
test('a backup appears once pg_dump and pg_restore have ended well, and gets its password unseen', async () => {
  const { url } = await postgresTestStorage(inject('postgresUrl'))
  const storage = postgres({ url })
  const folder = await temporaryFolder()
  const tools = await temporaryFolder()
  const path = process.env['PATH']
  onTestFinished(() => void (process.env['PATH'] = path))
  process.env['PATH'] = `${tools}:${path}`
  const tool = (name: string, script: string) =>
    writeFile(join(tools, name), `#!/bin/sh\n${script}`, { mode: 0o755 })
  await tool(
    'pg_dump',
    `for a in "$@"; do case "$a" in --file=*) echo "$PGPASSWORD $*" > "\${a#--file=}";; esac; done`,
  )
  await tool('pg_restore', 'echo "the archive is cut off" >&2; exit 1')
  const file = join(folder, 'shop.dump')

  await expect(storage.backup!(file)).rejects.toThrow('pg_restore ended with 1: the archive is cut off')
  expect(await readdir(folder)).toEqual([])

  await tool('pg_restore', 'exit 0')
  expect(await storage.backup!(file)).toMatchObject({ verified: ['table of contents'] })
  expect(await readFile(file, 'utf8')).toMatch(
    /^postgres --format=custom --no-password --dbname=postgres:\/\/postgres@/,
  )
})
