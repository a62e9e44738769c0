import { expect, test } from 'vitest'
import { openDatabase, readerA, system, tenantA } from './test-sql.fixture.ts'
import type { BuildPrepared } from './sql-layer.ts'

const at = '2025-01-01T00:00:00.000Z'
const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`

async function shop() {
  const database = openDatabase()
  for (const tenantId of ['a', 'b']) {
    for (const n of [1, 2, 3]) {
      const row = {
        tenantId,
        id: id(n),
        customerId: null,
        total: n,
        paid: n > 1,
        placedAt: at,
        version: 1,
        createdAt: at,
        updatedAt: at,
      }
      await database.db(system).insertInto('orders').values(row).execute()
    }
  }
  return database
}

const byTotal: BuildPrepared<{ id: string; tenantId: string }> = (db, p) =>
  db
    .selectFrom('orders')
    .select(['id', 'tenantId'])
    .where('total', '>=', p('least'))
    .where('paid', '=', p('paid'))
    .orderBy('id')

test('a prepared query is built once and answers each tenant its own rows', async () => {
  const { layer, connection } = await shop()
  let built = 0
  const build: typeof byTotal = (db, p) => (built++, byTotal(db, p))
  const run = (tenantId: string, least: number) =>
    layer.prepared.run(connection, { ...readerA, tenantId }, 'by-total', build, { least, paid: true })
  expect(await run('a', 3)).toEqual([{ id: id(3), tenantId: 'a' }])
  expect(await run('b', 1)).toEqual([
    { id: id(2), tenantId: 'b' },
    { id: id(3), tenantId: 'b' },
  ])
  expect(built).toBe(1)
})

test('a list of any length is one parameter', async () => {
  const { layer, connection } = await shop()
  const build: BuildPrepared<{ total: number }> = (db, p) =>
    db
      .selectFrom('orders')
      .select('total')
      .where((eb) => layer.helpers.anyOf(eb.ref('id'), 'uuid', p('ids')))
      .orderBy('total')
  const run = (ids: readonly string[]) => layer.prepared.run(connection, tenantA, 'many', build, { ids })
  expect(await run([])).toEqual([])
  expect(await run([id(1), id(3)])).toEqual([{ total: 1 }, { total: 3 }])
})

test('the system and a tenant share a key and no statement', async () => {
  const { layer, connection } = await shop()
  const parameters = { least: 1, paid: true }
  expect(await layer.prepared.run(connection, system, 'by-total', byTotal, parameters)).toHaveLength(4)
  expect(await layer.prepared.run(connection, tenantA, 'by-total', byTotal, parameters)).toHaveLength(2)
})

test('values written by a prepared statement are encoded as their columns', async () => {
  const { layer, connection } = await shop()
  const build: BuildPrepared<{ placedAt: string; paid: boolean }> = (db, p) =>
    db
      .updateTable('orders')
      .set({ placedAt: p('at'), paid: p('paid') })
      .where('id', '=', p('id'))
      .returning(['placedAt', 'paid'])
  const later = '2026-06-01T12:00:00.000Z'
  const rows = await layer.prepared.run(connection, tenantA, 'pay', build, {
    at: later,
    paid: false,
    id: id(2),
  })
  expect(rows).toEqual([{ placedAt: later, paid: false }])
})

test('a missing parameter is refused by name', async () => {
  const { layer, connection } = await shop()
  await expect(layer.prepared.run(connection, tenantA, 'by-total', byTotal, { least: 1 })).rejects.toThrow(
    '"paid"',
  )
})
