import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { compiled, compiledPostgres, readerA, system, tenantA, type AnyDb } from './test-sql.fixture.ts'

const O = '"clientele_orders"'
const C = '"clientele_customers"'

/** The SQL, and its parameters in the order of the placeholders. */
function text(build: (db: AnyDb) => unknown, binding = tenantA): readonly [string, readonly unknown[]] {
  const { sql: statement, parameters } = compiled(build as never, binding)
  return [statement, parameters]
}

test('a table in FROM is named, bound to the tenant and hides removed rows', () => {
  expect(text((db) => db.selectFrom('customers').select(['id', 'seenAt']).where('score', '>', 3))).toEqual([
    `select "id", "seen_at" from ${C} where "score" > ? and ${C}."tenant_id" = ? and ${C}."deleted_at" is null`,
    [3, 'a'],
  ])
})

test('PostgreSQL gets the same predicates with placeholders of its own', () => {
  const { sql: statement, parameters } = compiledPostgres((db) =>
    db.selectFrom('orders as o').select('o.id').where('o.paid', '=', true),
  )
  expect(statement).toBe(`select "o"."id" from ${O} as "o" where "o"."paid" = $1 and "o"."tenant_id" = $2`)
  expect(parameters).toEqual([true, 'a'])
})

test('every table of a list in FROM is bound', () => {
  expect(text((db) => db.selectFrom(['orders as o', 'tags as t']).select('o.id'))[0]).toBe(
    `select "o"."id" from ${O} as "o", "clientele_tags" as "t" ` +
      'where "o"."tenant_id" = ? and "t"."tenant_id" = ? and "t"."deleted_at" is null',
  )
})

test('an inner and a left join are bound in ON, so that a left join keeps its rows', () => {
  const query = (db: AnyDb) =>
    db
      .selectFrom('orders')
      .leftJoin('customers as c', 'c.id', 'orders.customerId')
      .select(['orders.id', 'c.name'])
  expect(text(query)).toEqual([
    `select ${O}."id", "c"."name" from ${O} left join ${C} as "c" on "c"."id" = ${O}."customer_id" ` +
      `and "c"."tenant_id" = ? and "c"."deleted_at" is null where ${O}."tenant_id" = ?`,
    ['a', 'a'],
  ])
})

test('a join that keeps rows of its right side narrows the tables before it joins them', () => {
  const query = (db: AnyDb) =>
    db.selectFrom('orders').fullJoin('tags as t', 't.uses', 'orders.total').select('orders.id')
  expect(text(query)[0]).toBe(
    `select ${O}."id" from (select * from ${O} where ${O}."tenant_id" = ?) as ${O} ` +
      'full join (select * from "clientele_tags" where "clientele_tags"."tenant_id" = ? and ' +
      `"clientele_tags"."deleted_at" is null) as "t" on "t"."uses" = ${O}."total"`,
  )
})

test('a cross join is bound in WHERE', () => {
  expect(text((db) => db.selectFrom('orders as o').crossJoin('orders as p').select('o.id'))[0]).toBe(
    `select "o"."id" from ${O} as "o" cross join ${O} as "p" where "o"."tenant_id" = ? and "p"."tenant_id" = ?`,
  )
})

test('a lateral join is bound inside', () => {
  const query = (db: AnyDb) =>
    db
      .selectFrom('customers as c')
      .leftJoinLateral(
        (eb) =>
          eb
            .selectFrom('orders')
            .select('total')
            .whereRef('orders.customerId', '=', 'c.id')
            .limit(1)
            .as('last'),
        (on) => on.onTrue(),
      )
      .select('last.total')
  expect(compiledPostgres(query).sql).toBe(
    `select "last"."total" from ${C} as "c" left join lateral (select "total" from ${O} ` +
      `where ${O}."customer_id" = "c"."id" and ${O}."tenant_id" = $1 limit $2) as "last" on (true) ` +
      'where "c"."tenant_id" = $3 and "c"."deleted_at" is null',
  )
})

test('sub-queries are bound wherever they stand', () => {
  const query = (db: AnyDb) =>
    db
      .selectFrom('countries')
      .select((eb) =>
        eb
          .selectFrom('orders')
          .select((e) => e.fn.countAll().as('n'))
          .as('orders'),
      )
      .where((eb) => eb.exists(eb.selectFrom('tags').select('tags.id')))
      .orderBy((eb) => eb.selectFrom('orders as o').select('o.total').limit(1))
  expect(text(query)[0]).toBe(
    `select (select count(*) as "n" from ${O} where ${O}."tenant_id" = ?) as "orders" from "clientele_countries" ` +
      'where exists (select "clientele_tags"."id" from "clientele_tags" where "clientele_tags"."tenant_id" = ? ' +
      `and "clientele_tags"."deleted_at" is null) order by (select "o"."total" from ${O} as "o" where "o"."tenant_id" = ? limit ?)`,
  )
})

test('all arms of a union are bound', () => {
  const query = (db: AnyDb) =>
    db.selectFrom('orders').select('id').union(db.selectFrom('orders as o').select('o.id'))
  expect(text(query)).toEqual([
    `select "id" from ${O} where ${O}."tenant_id" = ? union select "o"."id" from ${O} as "o" where "o"."tenant_id" = ?`,
    ['a', 'a'],
  ])
})

test('a CTE hides the entity of its name, and only where it is visible', () => {
  const query = (db: AnyDb) =>
    db
      .with('orders', (q) => q.selectFrom('orders').select(['id', 'total']))
      .selectFrom('orders')
      .select('orders.total')
      .where((eb) => eb('id', 'in', eb.selectFrom('tags').select('id')))
  expect(text(query)).toEqual([
    `with "orders" as (select "id", "total" from ${O} where ${O}."tenant_id" = ?) select "orders"."total" from "orders" ` +
      'where "id" in (select "id" from "clientele_tags" where "clientele_tags"."tenant_id" = ? and "clientele_tags"."deleted_at" is null)',
    ['a', 'a'],
  ])
})

test('a CTE of a sub-query ends with it', () => {
  const query = (db: AnyDb) =>
    db
      .selectFrom(
        db
          .selectFrom(
            db
              .with('orders', (q) => q.selectFrom('tags').select('id'))
              .selectFrom('orders')
              .select('id')
              .as('x'),
          )
          .selectAll()
          .as('y'),
      )
      .innerJoin('orders', 'orders.id', 'y.id')
      .select('orders.id')
  expect(text(query)[0]).toContain(`inner join ${O} on ${O}."id" = "y"."id" and ${O}."tenant_id" = ?`)
})

test('a recursive CTE is bound in both arms', () => {
  const query = (db: AnyDb) =>
    db
      .withRecursive('chain(id)', (q) =>
        q
          .selectFrom('orders')
          .select('id')
          .unionAll((eb) =>
            eb.selectFrom('chain').innerJoin('orders as o', 'o.customerId', 'chain.id').select('o.id'),
          ),
      )
      .selectFrom('chain')
      .select('chain.id')
  expect(text(query)[0]).toBe(
    `with recursive "chain"("id") as (select "id" from ${O} where ${O}."tenant_id" = ? union all select "o"."id" from "chain" ` +
      `inner join ${O} as "o" on "o"."customer_id" = "chain"."id" and "o"."tenant_id" = ?) select "chain"."id" as "id::uuid" from "chain"`,
  )
})

test('an alias hides the entity of its name', () => {
  expect(
    text((db) => db.selectFrom('tags as orders').select('orders.word').where('orders.uses', '=', 1))[0],
  ).toBe(
    'select "orders"."word" from "clientele_tags" as "orders" where "orders"."uses" = ? ' +
      'and "orders"."tenant_id" = ? and "orders"."deleted_at" is null',
  )
})

test('an update binds what it changes and what it reads', () => {
  const query = (db: AnyDb) =>
    db
      .updateTable('orders')
      .from('customers as c')
      .leftJoin('tags as t', 't.uses', 'c.score')
      .set({ total: 1 })
      .whereRef('c.id', '=', 'orders.customerId')
  expect(text(query)).toEqual([
    `update ${O} set "total" = ? from ${C} as "c" left join "clientele_tags" as "t" on "t"."uses" = "c"."score" ` +
      `and "t"."tenant_id" = ? and "t"."deleted_at" is null where "c"."id" = ${O}."customer_id" ` +
      `and ${O}."tenant_id" = ? and "c"."tenant_id" = ? and "c"."deleted_at" is null`,
    [1, 'a', 'a', 'a'],
  ])
})

test('a delete binds what it removes and what it reads', () => {
  const query = (db: AnyDb) =>
    db
      .deleteFrom('orders')
      .using('customers as c')
      .whereRef('c.id', '=', 'orders.customerId')
      .returning('orders.id')
  expect(compiledPostgres(query)).toMatchObject({
    sql:
      `delete from ${O} using ${C} as "c" where "c"."id" = ${O}."customer_id" and ${O}."tenant_id" = $1 ` +
      `and "c"."tenant_id" = $2 and "c"."deleted_at" is null returning ${O}."id"`,
    parameters: ['a', 'a'],
  })
})

test('an insert stamps the tenant over any it was given', () => {
  expect(text((db) => db.insertInto('tags').values([{ word: 'x' }, { word: 'y' }]))).toEqual([
    'insert into "clientele_tags" ("word", "tenant_id") values (?, ?), (?, ?)',
    ['x', 'a', 'y', 'a'],
  ])
  expect(
    text((db) =>
      db.insertInto('tags').values([
        { tenantId: 'b', word: 'x' },
        { tenantId: 'b', word: sql`lower('Y')` },
      ]),
    ),
  ).toEqual([
    `insert into "clientele_tags" ("tenant_id", "word") values (?, ?), (?, lower('Y'))`,
    ['a', 'x', 'a'],
  ])
  expect(text((db) => db.insertInto('tags').defaultValues())).toEqual([
    'insert into "clientele_tags" ("tenant_id") values (?)',
    ['a'],
  ])
})

test('an insert of a query gets the tenant as a column of all arms', () => {
  const query = (db: AnyDb) =>
    db
      .insertInto('tags')
      .columns(['id', 'uses'])
      .expression(
        db
          .selectFrom('orders')
          .select(['id', 'total'])
          .unionAll((eb) => eb.selectFrom('customers').select(['id', 'score as total'])),
      )
  expect(text(query)).toEqual([
    `insert into "clientele_tags" ("id", "uses", "tenant_id") select "id", "total", ? from ${O} where ${O}."tenant_id" = ? ` +
      `union all select "id", "score" as "total", ? from ${C} where ${C}."tenant_id" = ? and ${C}."deleted_at" is null`,
    ['a', 'a', 'a', 'a'],
  ])
  const given = (db: AnyDb) =>
    db
      .insertInto('tags')
      .columns(['tenantId', 'id'])
      .expression(db.selectFrom('orders').select(['word', 'id']))
  expect(text(given)[0]).toBe(
    `insert into "clientele_tags" ("tenant_id", "id") select ?, "id" from ${O} where ${O}."tenant_id" = ?`,
  )
})

test('an insert of a query that hides its columns is refused', () => {
  const unnamed = (db: AnyDb) => db.insertInto('tags').expression(db.selectFrom('tags').selectAll())
  expect(() => text(unnamed)).toThrow('.columns([…])')
  const starred = (db: AnyDb) =>
    db
      .insertInto('tags')
      .columns(['tenantId', 'id'])
      .expression(db.selectFrom('tags').selectAll().select('id'))
  expect(() => text(starred)).toThrow('select its columns by name')
})

test('an upsert finds its key by the tenant and changes only rows of the tenant', () => {
  const query = (db: AnyDb) =>
    db
      .insertInto('tags')
      .values({ word: 'x', uses: 1 })
      .onConflict((oc) =>
        oc
          .columns(['word'])
          .where('deletedAt', 'is', null)
          .doUpdateSet((eb) => ({ uses: eb.ref('excluded.uses') })),
      )
  expect(text(query)).toEqual([
    'insert into "clientele_tags" ("word", "uses", "tenant_id") values (?, ?, ?) on conflict ("tenant_id", "word") ' +
      'where "deleted_at" is null do update set "uses" = "excluded"."uses" where "clientele_tags"."tenant_id" = ?',
    ['x', 1, 'a', 'a'],
  ])
})

test('statements inside CTEs are bound as any others', () => {
  const query = (db: AnyDb) =>
    db
      .with('gone', (q) => q.deleteFrom('orders').where('total', '=', 0).returning(['id', 'total']))
      .insertInto('tags')
      .columns(['id'])
      .expression((eb) => eb.selectFrom('gone').select('gone.id'))
  expect(compiledPostgres(query)).toMatchObject({
    sql:
      `with "gone" as (delete from ${O} where "total" = $1 and ${O}."tenant_id" = $2 returning "id", "total") ` +
      'insert into "clientele_tags" ("id", "tenant_id") select "gone"."id", $3 from "gone"',
    parameters: [0, 'a', 'a'],
  })
})

test('global entities are shared, removed rows are shown to whom it is allowed, the system is not bound', () => {
  expect(text((db) => db.selectFrom('countries').selectAll())).toEqual([
    'select * from "clientele_countries"',
    [],
  ])
  expect(text((db) => db.selectFrom('tags').select('id'), { ...tenantA, removed: 'show' })).toEqual([
    'select "id" from "clientele_tags" where "clientele_tags"."tenant_id" = ?',
    ['a'],
  ])
  expect(text((db) => db.selectFrom('tags').select('id'), system)).toEqual([
    'select "id" from "clientele_tags"',
    [],
  ])
})

test('locks name tables as FROM does', () => {
  expect(
    compiledPostgres((db) => db.selectFrom('orders').select('id').forUpdate('orders').skipLocked(), readerA)
      .sql,
  ).toBe(`select "id" from ${O} where ${O}."tenant_id" = $1 for update of ${O} skip locked`)
  expect(
    compiledPostgres((db) =>
      db
        .selectFrom('orders')
        .select('id')
        .modifyEnd(sql`for update skip locked`),
    ).sql,
  ).toContain('for update skip locked')
})

test('a query that was built beforehand is bound once, and only for its own tenant', () => {
  const query = (db: AnyDb) => {
    const some = db.selectFrom('tags').select('tags.id')
    return db.selectFrom('orders').select('id').where('id', 'in', some).where('id', 'not in', some)
  }
  expect(text(query)[1]).toEqual(['a', 'a', 'a'])
  const foreign = (db: AnyDb) => {
    let other: unknown
    compiled(
      (b) => ((other = b.selectFrom('tags').select('id')), b.selectFrom('tags').selectAll()) as never,
      { ...tenantA, tenantId: 'b' },
    )
    return db
      .selectFrom('orders')
      .select('id')
      .where('id', 'in', other as never)
  }
  expect(() => text(foreign)).toThrow('build both with the same ctx.db')
})
