import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { compiled, compiledPostgres, system, type AnyDb } from './test-sql.fixture.ts'

const at = '2025-01-01T00:00:00.000Z'
const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`

test('a selection that computes an instant, an id, a boolean or JSON carries its type in its name', () => {
  const query = (db: AnyDb) =>
    db
      .selectFrom('orders')
      .select((eb) => [
        'placedAt',
        'placedAt as at',
        eb.fn.max('placedAt').as('last'),
        eb.fn.coalesce('customerId', 'id').as('who'),
        eb.case().when('paid', '=', true).then(eb.ref('placedAt')).else(null).end().as('paidAt'),
        eb('total', '>', 3).as('isBig'),
        eb.fn.sum('total').as('sum'),
        eb.fn.countAll().as('count'),
      ])
  expect(compiled(query).sql).toMatch(
    'select "placed_at", "placed_at" as "at", max("placed_at") as "last::timestamp", coalesce("customer_id", "id") as "who::uuid", ' +
      'case when "paid" = ? then "placed_at" else null end as "paid_at::timestamp", "total" > ? as "is_big::boolean", ' +
      'sum("total") as "sum", count(*) as "count" from',
  )
})

test('names of sub-queries stay plain, and what the outermost query takes from them carries the type', () => {
  const query = (db: AnyDb) =>
    db
      .selectFrom(
        db
          .selectFrom('orders')
          .select((eb) => ['customerId', eb.fn.max('placedAt').as('last')])
          .groupBy('customerId')
          .as('o'),
      )
      .select(['o.last', 'o.customerId as who'])
      .orderBy('last')
      .orderBy('who')
  const { sql: text } = compiled(query)
  expect(text).toContain('(select "customer_id", max("placed_at") as "last" from')
  expect(text).toMatch(/^select "o"."last" as "last::timestamp", "o"."customer_id" as "who::uuid" from/)
  expect(text).toMatch(/order by "last::timestamp", "who::uuid"$/)
})

test('values take the type of the column beside them', () => {
  const instant = Date.parse(at)
  const blob = Buffer.from(id(1).replaceAll('-', ''), 'hex')
  const parametersOf = (build: (db: AnyDb) => unknown) =>
    compiled(build as never, { ...system, removed: 'show' }).parameters
  const where = (build: (eb: any) => unknown) =>
    parametersOf((db) =>
      db
        .selectFrom('orders as o')
        .select('o.id')
        .where(build as never),
    )
  expect(where((eb) => eb('placedAt', '>', at))).toEqual([instant])
  expect(where((eb) => eb(eb.val(at), '<', eb.ref('o.placedAt')))).toEqual([instant])
  expect(where((eb) => eb('o.id', 'in', [id(1), id(1)]))).toEqual([blob, blob])
  expect(where((eb) => eb('paid', '=', true))).toEqual([1])
  expect(where((eb) => eb.between('placedAt', at, at))).toEqual([instant, instant])
  expect(where((eb) => eb(eb.refTuple('placedAt', 'o.id'), '>', eb.tuple(at, id(1))))).toEqual([
    instant,
    blob,
  ])
  expect(where((eb) => eb(eb.refTuple('placedAt', 'o.id'), 'in', [eb.tuple(at, id(1))]))).toEqual([
    instant,
    blob,
  ])
  expect(where((eb) => eb(eb.fn.coalesce('placedAt', eb.val(at)), '=', at))).toEqual([instant, instant])
  expect(where((eb) => eb(eb.fn.max('placedAt'), '=', at))).toEqual([instant])
  expect(where((eb) => eb(eb.selectFrom('customers').select('seenAt').limit(1), '=', at))).toEqual([
    1,
    instant,
  ])
  expect(
    where((eb) => eb('placedAt', '=', eb.case().when('paid', '=', false).then(at).else(null).end())),
  ).toEqual([0, instant])
  expect(where((eb) => eb(sql.ref('o.placed_at'), '=', at))).toEqual([instant])
  expect(
    where((eb) => eb.exists(eb.selectFrom('customers').select('id').where('o.placedAt', '>', at))),
  ).toEqual([instant])
  expect(where(() => sql`date(${true})`)).toEqual([1])
  const derived = parametersOf((db) =>
    db
      .selectFrom(
        db
          .selectFrom('orders')
          .select((eb) => eb.fn.max('placedAt').as('last'))
          .as('x'),
      )
      .select('x.last')
      .where('x.last', '=', at),
  )
  expect(derived).toEqual([instant])
  expect(parametersOf((db) => db.updateTable('orders').set({ placedAt: at, paid: false, total: 3 }))).toEqual(
    [instant, 0, 3],
  )
  expect(
    parametersOf((db) =>
      db.insertInto('customers').values({ id: id(1), vip: true, traits: { a: [1] }, seenAt: null }),
    ),
  ).toEqual([blob, 1, '{"a":[1]}', null])
  const fromQuery = (db: AnyDb) =>
    db
      .insertInto('orders')
      .columns(['id', 'placedAt'])
      .expression((eb) => eb.selectFrom('tags').select((e) => [e.val(id(1)).as('id'), e.val(at).as('at')]))
  expect(parametersOf(fromQuery)).toEqual([blob, instant])
  const conflict = (db: AnyDb) =>
    db
      .insertInto('orders')
      .values({ id: id(1) })
      .onConflict((oc) => oc.columns(['id']).doUpdateSet({ placedAt: at }).where('orders.placedAt', '<', at))
  expect(parametersOf(conflict)).toEqual([blob, instant, instant])
})

test('values that no column explains are bound as they are, or refused with the way out', () => {
  const selecting = (value: unknown) => (db: AnyDb) => db.selectFrom('orders').select(sql`${value}`.as('x'))
  expect(compiledPostgres(selecting(true), system).parameters).toEqual([true])
  for (const value of [new Date(0), { a: 1 }, undefined, Symbol('x')]) {
    expect(() => compiled(selecting(value))).toThrow(expect.objectContaining({ code: 'storage.parameter' }))
  }
  expect(() => compiled(selecting([1]))).toThrow("ctx.sql.value('json', …)")
  expect(compiledPostgres(selecting([1, 2]), system).parameters).toEqual([[1, 2]])
})

test('GROUP BY means the column that is read, and the result only where there is no such column', () => {
  const read = (db: AnyDb) =>
    db
      .selectFrom('orders')
      .select((eb) => eb.fn.max('placedAt').as('placedAt'))
      .groupBy('placedAt')
      .orderBy('placedAt')
  expect(compiled(read).sql).toMatch(/group by "placed_at" order by "placed_at::timestamp"$/)
  const result = (db: AnyDb) =>
    db
      .selectFrom('orders')
      .select((eb) => eb.fn.coalesce('placedAt', 'createdAt').as('at'))
      .groupBy('at')
  expect(compiled(result).sql).toMatch(/group by "at::timestamp"$/)
})
