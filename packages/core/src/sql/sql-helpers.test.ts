import { eachStorage, type TestStorage } from '@clientele/testing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openReal } from './real-database.fixture.ts'
import { compiledPostgres, system, tenantA } from './test-sql.fixture.ts'
import type { JsonOperator } from './sql-helpers.ts'

const at = '2025-01-01T00:00:00.000Z'
const later = '2025-03-01T00:00:00.000Z'
const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`

async function people(storage: TestStorage) {
  const database = await openReal(storage)
  const row = (n: number) => ({
    tenantId: 'a',
    id: id(n),
    version: 1,
    createdAt: at,
    updatedAt: n === 1 ? at : later,
  })
  for (const n of [1, 2]) {
    const traits = n === 1 ? { city: 'Porto', age: 40, vip: true, 'a "b"': { c: null } } : null
    await database
      .db(system)
      .insertInto('customers')
      .values({ ...row(n), name: `N${n}`, vip: n === 1, score: n, seenAt: n === 1 ? at : null, traits })
      .execute()
    await database
      .db(system)
      .insertInto('orders')
      .values({ ...row(n), customerId: id(1), total: n, paid: n === 1, placedAt: n === 1 ? at : later })
      .execute()
  }
  return database
}

eachStorage((storage) => {
  test('both databases decode what was computed', async () => {
    const { db } = await people(storage)
    const orders = db(tenantA).selectFrom('orders')
    expect(await orders.select((eb) => [eb.fn.max('placedAt').as('last')]).execute()).toEqual([
      { last: later },
    ])
    const viaCte = db(tenantA)
      .with('lately', (q) =>
        q
          .selectFrom('orders')
          .select((eb) => ['id', eb.fn.coalesce('placedAt', 'createdAt').as('when'), 'paid']),
      )
      .selectFrom('lately')
    expect(await viaCte.selectAll().orderBy('when', 'desc').limit(1).execute()).toEqual([
      { id: id(2), when: later, paid: false },
    ])
    const united = orders
      .select('placedAt')
      .union((eb) => eb.selectFrom('customers').select('seenAt as placedAt').where('seenAt', 'is not', null))
    expect(await united.orderBy('placedAt').execute()).toEqual([{ placedAt: at }, { placedAt: later }])
    const scalar = db(tenantA)
      .selectFrom('customers as c')
      .select((eb) =>
        eb
          .selectFrom('orders as o')
          .select((e) => e.fn.max('o.placedAt').as('m'))
          .whereRef('o.customerId', '=', 'c.id')
          .as('last'),
      )
    expect(await scalar.where('c.id', '=', id(1)).execute()).toEqual([{ last: later }])
  })

  test('helpers give typed parameters and typed results', async () => {
    const { db, layer } = await people(storage)
    const { helpers } = layer
    const query = db(tenantA)
      .selectFrom('orders')
      .select((eb) => [
        helpers.as(
          sql<string>`coalesce(${helpers.value('timestamp', later)}, ${eb.ref('placedAt')})`,
          'timestamp',
          'latest',
        ),
        helpers.as(helpers.value('uuid', id(7)), 'uuid', 'seven'),
      ])
      .where((eb) => helpers.anyOf(eb.ref('id'), 'uuid', [id(1), id(9)]))
    expect(await query.execute()).toEqual([{ latest: later, seven: id(7) }])
    expect(
      compiledPostgres(
        (handle, { helpers: h }) =>
          handle.selectFrom('orders').select(h.as(h.value('timestamp', at), 'timestamp', 'x')),
        system,
      ),
    ).toMatchObject({
      sql: 'select cast($1 as timestamptz(3)) as "x::timestamp" from "clientele_orders"',
      parameters: [at],
    })
  })

  test('helpers look into JSON, fold and match ASCII', async () => {
    const { db, layer } = await people(storage)
    const { helpers } = layer
    const query = db(tenantA)
      .selectFrom('customers')
      .select((eb) => {
        const traits = eb.ref('traits')
        return [
          helpers.json(traits, ['city'], 'text').as('city'),
          helpers.json(traits, ['age'], 'number').as('age'),
          helpers.json(traits, ['vip'], 'boolean').as('vip'),
          helpers.json(traits, ['age'], 'text').as('notText'),
          helpers.json(traits, ['a "b"', 'none'], 'text').as('absent'),
          helpers.jsonType(traits, ['a "b"', 'c']).as('nullType'),
          helpers.jsonType(traits, ['age']).as('ageType'),
          helpers.jsonType(traits, ['none']).as('noType'),
          helpers.foldAscii(eb.ref('name')).as('folded'),
          helpers.like(eb.ref('name'), 'N?').as('likes'),
          helpers.like(eb.ref('name'), '%').as('percent'),
        ]
      })
      .where('id', '=', id(1))
    expect(await query.execute()).toEqual([
      {
        city: 'Porto',
        age: 40,
        vip: true,
        notText: null,
        absent: null,
        nullType: 'null',
        ageType: 'number',
        noType: null,
        folded: 'n1',
        likes: true,
        percent: false,
      },
    ])
  })

  test('rows that one statement makes have ids of their own, in the order of their numbers', async () => {
    const { db, layer } = await people(storage)
    const base = '019bc186-de00-7abc-9123-0123456789ab'
    const number = sql<number>`row_number() over (order by ${sql.ref('id')}) + 4095`
    const rows = await db(tenantA)
      .selectFrom('customers')
      .select(layer.helpers.numberedId(base, sql<number>`(${number})`).as('made'))
      .orderBy('made')
      .execute()
    expect(rows).toEqual([
      { made: '019bc186-de00-7001-8000-0123456789ab' },
      { made: '019bc186-de00-7001-8001-0123456789ab' },
    ])
  })

  test('an id has a number, the same on every database', async () => {
    const { db, layer } = await people(storage)
    const rows = await db(tenantA)
      .selectFrom('customers')
      .select((eb) => layer.helpers.idNumber(eb.ref('id')).as('number'))
      .orderBy('id')
      .execute()
    expect(rows).toEqual([{ number: 1 }, { number: 2 }])
    const number = layer.helpers.idNumber(layer.helpers.value('uuid', '00000000-0000-4000-8000-0123456789ab'))
    const [row] = await db(tenantA).selectFrom('customers').select(number.as('number')).limit(1).execute()
    expect(row).toEqual({ number: 0x56789ab })
  })

  test('a sample takes its share of ids by their random end, and all of them at 1', async () => {
    const { db, layer } = await people(storage)
    const taken = async (id: string, share: number): Promise<boolean> => {
      const sampled = layer.helpers.sampled(layer.helpers.value('uuid', id), share)
      return (await db(tenantA).selectFrom('customers').select('id').where(sampled).execute()).length > 0
    }
    const ends: readonly [end: string, from: number][] = [
      ['0123', 0.01],
      ['7fff', 0.5],
      ['8000', 0.51],
      ['ffff', 1],
    ]
    for (const [end, from] of ends) {
      const id = `00000000-0000-7000-8000-aaaa${end}ffff`
      expect([await taken(id, from - 0.01), await taken(id, from), await taken(id, 1)], end).toEqual([
        ...[false, true, true],
      ])
    }
  })

  test('helpers move instants', async () => {
    const { db, layer } = await people(storage)
    const { helpers } = layer
    const day = 86_400_000
    const moved = db(tenantA)
      .selectFrom('orders')
      .select((eb) => helpers.as(helpers.shifted(eb.ref('placedAt'), -day), 'timestamp', 'before'))
      .where((eb) => eb(helpers.shifted(eb.ref('placedAt'), 59 * day), '=', later))
    expect(await moved.execute()).toEqual([{ before: '2024-12-31T00:00:00.000Z' }])
  })

  test('a scalar of a JSON column compares with constants of its own type only', async () => {
    const { db, layer } = await people(storage)
    const { helpers } = layer
    const holds = async (
      name: string,
      ...[operator, value]: [JsonOperator, string | number | boolean]
    ): Promise<boolean> => {
      const found = await db(tenantA)
        .selectFrom('customers')
        .select('id')
        .where((eb) => helpers.jsonCompare(eb.ref('traits'), [name], operator, value) as never)
        .execute()
      return found.length === 1
    }
    const traits = { city: 'Porto', age: 40, vip: true, list: ['Porto'], digits: '40', 'a "b"': 'x' }
    await db(system).updateTable('customers').set({ traits }).where('id', '=', id(1)).execute()
    expect(await holds('city', '=', 'Porto')).toBe(true)
    expect(await holds('a "b"', '=', 'x')).toBe(true)
    expect(await holds('age', '=', 40)).toBe(true)
    expect(await holds('age', '>=', 40)).toBe(true)
    expect(await holds('vip', '=', true)).toBe(true)
    expect(await holds('city', '=', 'porto')).toBe(false)
    expect(await holds('age', '>', 40)).toBe(false)
    expect(await holds('list', '=', 'Porto')).toBe(false)
    expect(await holds('list', '=', '["Porto"]')).toBe(false)
    expect(await holds('digits', '=', 40)).toBe(false)
    expect(await holds('digits', '>', 1)).toBe(false)
    expect(await holds('vip', '=', 1)).toBe(false)
    expect(await holds('absent', '=', false)).toBe(false)
  })

  test('a column is among the values of a sub-query or is not, grouped or united', async () => {
    const { db, layer } = await people(storage)
    const buyers = db(tenantA)
      .selectFrom('orders')
      .groupBy('customerId')
      .where((eb) => eb(layer.helpers.unindexed(eb.ref('customerId')), 'is not', null))
      .select('customerId as id')
    const ask = (negated?: boolean) =>
      db(tenantA)
        .selectFrom('customers')
        .select('id')
        .where((eb) => layer.helpers.among(eb.ref('customers.id'), buyers, negated))
        .execute()
    expect(await ask()).toEqual([{ id: id(1) }])
    expect(await ask(true)).toEqual([{ id: id(2) }])
  })
})
