import type { SqlType } from '@clientele/core'
import { sql } from 'kysely'
import { expect } from 'vitest'
import type { RegisterTest } from '../storage-conformance.ts'
import { encoded, scope, type Workbench } from './workbench.ts'

const VALUES: Readonly<Record<SqlType, readonly unknown[]>> = {
  uuid: ['01890000-0000-7000-8000-00000000000a', 'ffffffff-ffff-ffff-ffff-ffffffffffff', null],
  text: ['', 'plain', `O'Brien "x" \\ %_`, 'ação 日本語 😀', 'null', '{}', '2026-01-31T09:30:00.000Z', null],
  integer: [0, -1, 42, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, null],
  real: [0, -1.5, 0.1, 1e300, 5e-324, 12345.678, null],
  boolean: [true, false, null],
  timestamp: [
    '2026-01-31T09:30:00.000Z',
    '2026-01-31T09:30:00.123Z',
    '1969-12-31T23:59:59.999Z',
    '2024-02-29T00:00:00.001Z',
    '9999-12-31T23:59:59.999Z',
    null,
  ],
  json: [
    [],
    {},
    'str',
    '',
    'null',
    '[1]',
    0,
    1.5,
    true,
    false,
    [null, [1]],
    { a: { 'b"': ['ü', null] }, n: 1 },
    null,
  ],
  bytes: [Buffer.from([0, 1, 255]), Buffer.alloc(0), Buffer.from('text'), null],
}

/** Values come back as they went in, whichever way they take. */
export function codecTests(test: RegisterTest): void {
  for (const type of Object.keys(VALUES) as SqlType[]) {
    test(`a ${type} comes back as it went in`, (bench) => roundTrip(bench, type))
  }

  test('a null JSON value is SQL NULL', async (bench) => {
    const table = await bench.createTable({ value: 'json' })
    await bench.write(sql`insert into ${sql.id(table)} values (${encoded(bench.storage, 'json', null)})`)
    const found = await bench.rows(sql`select count(*) as n from ${sql.id(table)} where value is null`)
    expect(found).toEqual([{ n: 1 }])
  })

  test('a result column named name::type is decoded as that type', async (bench) => {
    const { storage } = bench
    const table = await bench.createTable({
      at: 'timestamp',
      who: 'uuid',
      ok: 'boolean',
      doc: 'json',
      amount: 'integer',
    })
    const at = '2026-01-31T09:30:00.123Z'
    const who = '01890000-0000-7000-8000-00000000000a'
    await bench.write(
      sql`insert into ${sql.id(table)} values (${encoded(storage, 'timestamp', at)}, ${encoded(storage, 'uuid', who)},
        ${encoded(storage, 'boolean', true)}, ${encoded(storage, 'json', { a: [1] })}, ${encoded(storage, 'integer', 7)})`,
    )
    const query = sql`select max(at) as "last_seen::timestamp", coalesce(who, who) as "who::uuid", (amount = 7) as
      "is_seven::boolean", coalesce(doc, doc) as "doc::json", sum(amount) over () as "total_amount::integer",
      coalesce(null, '5::text') as "five::text" from ${sql.id(table)} group by who, amount, doc`
    const expected = { lastSeen: at, who, isSeven: true, doc: { a: [1] }, totalAmount: 7, five: '5::text' }
    expect(await bench.rows(query)).toEqual([expected])
    expect((await storage.population(scope, bench.statement(query))).rows).toEqual([expected])
  })

  test('counts, sums and averages are numbers', async (bench) => {
    const table = await bench.createTable({ amount: 'integer' })
    await bench.write(sql`insert into ${sql.id(table)} values (1), (2), (6)`)
    const query = sql`select count(*) as n, sum(amount) as total, avg(amount) as mean, max(amount) as top from ${sql.id(table)}`
    expect(await bench.rows(query)).toEqual([{ n: 3, total: 9, mean: 3, top: 6 }])
  })

  test('properties are camelCase, also of a select star and of returning', async (bench) => {
    const table = await bench.createTable({ first_seen_at: 'timestamp', line_2: 'text' })
    const at = '2026-01-31T09:30:00.123Z'
    const insert = sql`insert into ${sql.id(table)} values (${encoded(bench.storage, 'timestamp', at)}, 'x') returning *`
    const { rows } = await bench.storage.write(scope, (connection) =>
      connection.execute(bench.statement(insert)),
    )
    expect(rows).toEqual([{ firstSeenAt: at, line_2: 'x' }])
    expect(await bench.rows(sql`select * from ${sql.id(table)}`)).toEqual(rows)
  })

  test('types are known through joins, sub-queries, unions and CTEs', async (bench) => {
    const table = await bench.createTable({ id: 'uuid', at: 'timestamp' })
    const row = { id: '01890000-0000-7000-8000-00000000000a', at: '2026-01-31T09:30:00.123Z' }
    const id = encoded(bench.storage, 'uuid', row.id)
    await bench.write(
      sql`insert into ${sql.id(table)} values (${id}, ${encoded(bench.storage, 'timestamp', row.at)})`,
    )
    const t = sql.id(table)
    expect(await bench.rows(sql`select a.id, b.at from ${t} a join ${t} b on a.id = b.id`)).toEqual([row])
    expect(await bench.rows(sql`select * from (select id, at from ${t}) x`)).toEqual([row])
    expect(await bench.rows(sql`select id, at from ${t} union all select id, at from ${t}`)).toEqual([
      row,
      row,
    ])
    expect(await bench.rows(sql`with x as (select distinct id, at from ${t}) select * from x`)).toEqual([row])
  })

  test('what is no uuid matches nothing instead of failing', async (bench) => {
    const table = await bench.createTable({ id: 'uuid' })
    const id = '01890000-0000-7000-8000-00000000000a'
    await bench.write(sql`insert into ${sql.id(table)} values (${encoded(bench.storage, 'uuid', id)})`)
    const find = (value: string): Promise<unknown[]> =>
      bench.rows(sql`select id from ${sql.id(table)} where id = ${encoded(bench.storage, 'uuid', value)}`)
    expect(await find(id)).toEqual([{ id }])
    expect(await find(id.toUpperCase())).toEqual([{ id }])
    const wrong = [
      '',
      'x',
      id.slice(1),
      `${id}0`,
      id.replace('a', 'g'),
      id.replaceAll('-', '_'),
      `é${id.slice(1)}`,
    ]
    expect(await Promise.all(wrong.map(find))).toEqual(wrong.map(() => []))
  })

  test('text sorts by code point, ids and instants by value', async (bench) => {
    const { storage } = bench
    const table = await bench.createTable({ name: 'text', id: 'uuid', at: 'timestamp' })
    const names = ['', ' ', 'A', 'B', 'a', 'b', 'é', '日', '\uFFEE', '😀']
    const rows = names.map((name, i) => [
      storage.sql.encode('text', name),
      storage.sql.encode('uuid', `0189000${i}-0000-7000-8000-000000000000`),
      storage.sql.encode('timestamp', `202${i}-01-01T00:00:00.000Z`),
    ])
    const columns = [
      { name: 'name', type: 'text' },
      { name: 'id', type: 'uuid' },
      { name: 'at', type: 'timestamp' },
    ] as const
    await storage.write(scope, (connection) => connection.insertRows(table, columns, rows.toReversed()))
    for (const column of ['name', 'id', 'at']) {
      const sorted = await bench.rows(sql`select name from ${sql.id(table)} order by ${sql.id(column)}`)
      expect({ column, names: sorted.map(({ name }) => name) }).toEqual({ column, names })
    }
  })
}

async function roundTrip(bench: Workbench, type: SqlType): Promise<void> {
  const { storage } = bench
  const table = await bench.createTable({ place: 'integer', value: type })
  const values = VALUES[type]
  const expected = values.map((value) => ({ value }))
  const select = bench.statement(sql`select value from ${sql.id(table)} order by place`)
  const returned: unknown[] = []
  await storage.write(scope, async (connection) => {
    for (const [place, value] of values.entries()) {
      const insert = sql`insert into ${sql.id(table)} values (${place}, ${encoded(storage, type, value)}) returning value`
      returned.push(...(await connection.execute(bench.statement(insert))).rows)
    }
  })
  expect(returned).toEqual(expected)
  expect((await storage.read(scope, (connection) => connection.execute(select))).rows).toEqual(expected)
  expect((await storage.population(scope, select)).rows).toEqual(expected)

  const bulk = await bench.createTable({ place: 'integer', value: type })
  const columns = [
    { name: 'place', type: 'integer' },
    { name: 'value', type },
  ] as const
  const rows = values.map((value, place) => [place, storage.sql.encode(type, value)])
  await storage.write(scope, (connection) => connection.insertRows(bulk, columns, rows))
  expect(await bench.rows(sql`select value from ${sql.id(bulk)} order by place`)).toEqual(expected)
}
