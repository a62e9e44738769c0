import { sql, type RawBuilder } from 'kysely'
import { expect, test } from 'vitest'
import { compiled, compiledPostgres, readerA, system, type AnyDb } from './test-sql.fixture.ts'

const selecting = (raw: RawBuilder<unknown>) => (db: AnyDb) => db.selectFrom('orders').select(raw.as('x'))
const codeOf = (run: () => unknown): string => {
  try {
    run()
    return 'allowed'
  } catch (error) {
    return (error as { code?: string }).code ?? String(error)
  }
}
const raw = (text: string): RawBuilder<unknown> => sql.raw(text)

test.for([
  '(select count(*) from clientele_orders)',
  '(SELECT 1)',
  'exists (table clientele_orders)',
  'exists (TaBlE users)',
  'id in (values (1)) union values (2)',
  '1 intersect values (1)',
  '1 except values (1)',
  'clientele_orders.total',
  'CLIENTELE_ORDERS.total',
  'total from users',
  'total /* from */',
  'total -- comment',
  'total --',
  "total || 'unterminated",
  "'a' || E'\\' from users --'",
  "e'x'",
  "n'x'",
  "x'00'",
  "U&'\\0061'",
  'U&"\\0061"',
  '"clientele_orders"',
  '`clientele_orders`',
  '$$select$$',
  '$tag$ from users $tag$',
  '$1',
  'total; drop table users',
  'drop table users',
  'with t as (values (1)) values (2)',
  'insert into users values (1)',
  'update users set x = 1',
  'delete from users',
  'pragma_table_info(1)',
  'pragma table_info(x)',
  "attach 'x' as y",
  'truncate users',
  'alter table users',
  'create table x',
  'grant all on x',
  'copy users to stdout',
  'sqlite_master',
  'sqlite_version()',
  'pg_read_file(1)',
  'pg_catalog.pg_class',
  'information_schema.tables',
  "query_to_xml('select 1', true, true, '')",
  "set_config('app.tenant', 'b', true)",
  "dblink('', 'select 1')",
  "ts_stat('select 1')",
  "nextval('x')",
  'load_extension(1)',
  'extract(year from placed_at) from users',
  'extract(year from placed_at from users)',
  'trim((total from users))',
  'total distinct from users',
  '(total',
  'total) or (1 = 1',
  ')(',
  'total in users',
  'total not in users',
  "total in 'users'",
  'total\\gexec',
  'a\0b',
  '1from users',
  'for update of orders update users',
  'total join users on true',
  'lateral',
])('no database runs the fragment %j', (text) => {
  expect(codeOf(() => compiled(selecting(raw(text))))).toBe('storage.raw_table')
  expect(codeOf(() => compiledPostgres(selecting(raw(text))))).toBe('storage.raw_table')
})

test.for(['total = ?', 'total = ?1', ':name', '@name', '[clientele_orders]', "['] + ['"])(
  'SQLite would read %j as a parameter or a name',
  (text) => {
    expect(codeOf(() => compiled(selecting(raw(text))))).toBe('storage.raw_table')
  },
)

test.for([
  'total + 1',
  "total || ' from users -- it''s /* only */ text'",
  "lower(note) like '%select%'",
  'extract(year from placed_at)',
  'extract(epoch from (placed_at)) - extract(epoch from created_at)',
  "trim(both ' ' from word)",
  'substring(word from 2 for 3)',
  'word is distinct from other',
  'word is not distinct from other',
  'count(*) filter (where total > 1)',
  'row_number() over (partition by customer_id order by total desc)',
  'case when total > 1 then 1 else 2 end',
  'cast(total as real)',
  "position('a' in word)",
  'total in (1, 2)',
  'selection_count + updated_at',
  'replace(word, 1, 2)',
])('a fragment may be %j', (text) => {
  expect(codeOf(() => compiled(selecting(raw(text))))).toBe('allowed')
})

test('PostgreSQL may cast, index arrays and ask JSON', () => {
  for (const text of [
    'total::text',
    '(array[1, 2])[1]',
    "traits ? 'a'",
    "traits #>> '{a,b}'",
    "traits @> '{}'",
  ]) {
    expect(
      codeOf(() => compiledPostgres(selecting(raw(text)))),
      text,
    ).toBe('allowed')
  }
})

// `any`: what hostile code does, types would not allow.
const hostile: Readonly<Record<string, (db: any) => any>> = {
  'words split over fragments': (db) =>
    db.selectFrom('orders').select(sql`(${raw('sel')}${raw('ect 1')})`.as('x')),
  'a comment split over fragments': (db) => db.selectFrom('orders').select(sql`1 -${raw('- x')}`.as('x')),
  'a comment from a negative literal': (db) => db.selectFrom('orders').select(sql`1 -${sql.lit(-1)}`.as('x')),
  'a literal prefix before a literal': (db) =>
    db.selectFrom('orders').select(sql`E${sql.lit("\\' or 1=1")}`.as('x')),
  'an escaped name from two parts': (db) => db.selectFrom('orders').select(sql`U&${sql.id('x')}`.as('x')),
  'a number that runs into a placeholder': (db) => db.selectFrom('orders').select(sql`${1}1`.as('x')),
  'a literal that runs over a parameter': (db) => db.selectFrom('orders').select(sql`'${1}'`.as('x')),
  // The honest fragment of the same text has just been allowed.
  'a forged mark': (db) => (
    compiled(selecting(sql`${1}`)),
    db.selectFrom('orders').select(raw('\uE000').as('x'))
  ),
  'a table as a parameter': (db) =>
    db.selectFrom('orders').select(sql`count(${sql.table('orders')})`.as('x')),
  'a physical name as an identifier': (db) =>
    db.selectFrom('orders').select(sql`${sql.id('clientele_orders')}`.as('x')),
  'a catalogue as an identifier': (db) =>
    db.selectFrom('orders').select(sql`${sql.id('pg_catalog', 'x')}`.as('x')),
  'a raw table': (db) => db.selectFrom(raw('users').as('u')).selectAll(),
  'an identifier as a table': (db) => db.selectFrom(sql.id('users').as('u')).selectAll(),
  'a reference as a table': (db) => db.selectFrom((eb: any) => eb.ref('users').as('u')).selectAll(),
  'a table in parentheses': (db) => db.selectFrom((eb: any) => eb.parens(raw('users')).as('u')).selectAll(),
  'a table behind a function': (db) => db.selectFrom(raw('json_each(1), users').as('u')).selectAll(),
  'a table behind a raw alias': (db) => db.selectFrom(raw('json_each(1)').as(raw('t(a), users'))).selectAll(),
  'a table behind a join': (db) =>
    db
      .selectFrom('orders')
      .innerJoin(raw('users').as('u'), (j: any) => j.onTrue())
      .selectAll(),
  'a table function that reads files': (db) =>
    db.selectFrom((eb: any) => eb.fn('pg_ls_dir', ['a']).as('f')).selectAll(),
  'SQL in the name of a function': (db) =>
    db.selectFrom('orders').select((eb: any) => eb.fn('count(1), (select 1)', []).as('x')),
  'SQL in the name of an aggregate': (db) =>
    db.selectFrom('orders').select((eb: any) => eb.fn.agg('x() from users --', []).as('x')),
  'a column that SQLite reads as a table': (db) =>
    db.selectFrom('orders').selectAll().whereRef('id', 'in', 'users'),
  'a literal that SQLite reads as a table': (db) =>
    db.selectFrom('orders').selectAll().where('id', 'in', sql.lit('users')),
  'an operator that SQLite reads a table behind': (db) =>
    db.selectFrom('orders').selectAll().where('id', raw('in'), raw('(users)')),
  'a parameter that SQLite reads as a table': (db) =>
    db.selectFrom('orders').select(sql`total in ${sql.ref('users')}`.as('x')),
  'a condition behind the WHERE': (db) => db.selectFrom('orders').selectAll().modifyEnd(raw('or 1 = 1')),
  'a condition behind the WHERE of an update': (db) =>
    db.updateTable('orders').set({ total: 1 }).modifyEnd(raw('or 1 = 1')),
  'a condition behind the WHERE of a delete': (db) => db.deleteFrom('orders').modifyEnd(raw('or 1 = 1')),
  'a raw CTE': (db) =>
    db
      .with('x', () => raw('(select 1)'))
      .selectFrom('x')
      .selectAll(),
  'raw SQL as rows': (db) => db.insertInto('orders').columns(['id']).expression(raw('select 1')),
}

test.for(Object.keys(hostile))('a query with %s is refused', (name) => {
  const build = hostile[name] as (db: AnyDb) => never
  expect(codeOf(() => compiled(build))).toBe('storage.raw_table')
})

const otherwise: Readonly<Record<string, readonly [code: string, build: (db: any) => any]>> = {
  'a physical table': ['storage.unknown_table', (db) => db.selectFrom('clientele_orders').selectAll()],
  "the host's table": ['storage.unknown_table', (db) => db.selectFrom('users').selectAll()],
  'a catalogue': ['storage.unknown_table', (db) => db.selectFrom('information_schema.tables').selectAll()],
  'a schema': ['storage.unknown_table', (db) => db.withSchema('other').selectFrom('orders').selectAll()],
  'a CTE named as a table': [
    'storage.statement',
    (db) =>
      db
        .with('clientele_orders', (q: any) => q.selectFrom('tags').selectAll())
        .selectFrom('clientele_orders')
        .selectAll(),
  ],
  'a write to a CTE': [
    'storage.unknown_table',
    (db) => db.with('x', (q: any) => q.selectFrom('tags').selectAll()).deleteFrom('x'),
  ],
  'a change of tenant': ['storage.statement', (db) => db.updateTable('orders').set({ tenantId: 'b' })],
  'a change of tenant through a reference': [
    'storage.statement',
    (db) => db.updateTable('orders').set(sql.ref('tenant_id'), 'b'),
  ],
  'a change of tenant through raw SQL': [
    'storage.statement',
    (db) => db.updateTable('orders').set(raw('tenant_id'), 'b'),
  ],
  'a change of tenant by a conflict': [
    'storage.statement',
    (db) =>
      db
        .insertInto('tags')
        .values({ word: 'x' })
        .onConflict((oc: any) => oc.columns(['word']).doUpdateSet({ tenantId: 'b' })),
  ],
  'a merge': [
    'storage.statement',
    (db) => db.mergeInto('orders').using('tags', 'tags.id', 'orders.id').whenMatched().thenDelete(),
  ],
  'a new table': ['storage.statement', (db) => db.schema.createTable('x').addColumn('a', 'text')],
  'a dropped table': ['storage.statement', (db) => db.schema.dropTable('clientele_orders')],
  'two tables of one name': [
    'storage.statement',
    (db) => db.selectFrom(['orders as o', 'tags as o']).selectAll(),
  ],
}

test.for(Object.keys(otherwise))('%s is refused', (name) => {
  const [code, build] = otherwise[name] as (typeof otherwise)[string]
  expect(codeOf(() => compiled(build as never))).toBe(code)
})

test('raw conditions stay inside the predicate, raw values inside their column', () => {
  const disjunction = sql<boolean>`total > 1 or paid = 1`
  expect(compiled((db) => db.selectFrom('orders').select('id').where(disjunction)).sql).toContain(
    'where (total > 1 or paid = 1) and "clientele_orders"."tenant_id" = ?',
  )
  expect(compiled((db) => db.updateTable('orders').set({ total: sql`1, tenant_id = 'b'` })).sql).toContain(
    'set "total" = (1, tenant_id = \'b\')',
  )
  const joined = compiled((db) =>
    db
      .selectFrom('orders')
      .innerJoin('tags', (on) => on.on(raw('true, users') as never))
      .select('total'),
  )
  expect(joined.sql).toContain('on (true, users) and "clientele_tags"."tenant_id" = ?')
})

test('two minus signs never meet', () => {
  const { sql: text } = compiled((db) =>
    db.selectFrom('orders').select((eb) => [eb.neg(eb.neg('total')).as('x'), eb.neg(eb.lit(-1)).as('y')]),
  )
  expect(text).not.toContain('--')
})

test('direct writes of a reader are refused, also inside a CTE', () => {
  const writes: ((db: any) => any)[] = [
    (db) => db.insertInto('orders').values({ total: 1 }),
    (db) => db.updateTable('orders').set({ total: 1 }),
    (db) => db.deleteFrom('orders as o'),
    (db) => db.insertInto('countries').values({ code: 'PT' }),
    (db) =>
      db
        .with('gone', (q: any) => q.deleteFrom('orders').returning('id'))
        .selectFrom('gone')
        .selectAll(),
  ]
  for (const write of writes)
    expect(codeOf(() => compiled(write as never, readerA))).toBe('storage.direct_write')
})

test('the system writes what it likes', () => {
  const query = (db: AnyDb) =>
    db.selectFrom('clientele_migrations').select(sql`(select count(*) from clientele_orders)`.as('x'))
  expect(codeOf(() => compiled(query, system))).toBe('allowed')
})
