import { CompiledQuery, sql, type Kysely, type KyselyPlugin } from 'kysely'
import { expect, test } from 'vitest'
import { openDatabase, readerA, system, tenantA } from './test-sql.fixture.ts'

const at = '2025-01-01T00:00:00.000Z'

async function twoTenants() {
  const database = openDatabase()
  for (const tenantId of ['a', 'b']) {
    for (const n of [1, 2, 3]) {
      const row = {
        tenantId,
        id: `00000000-0000-4000-8000-00000000000${n}`,
        word: `w${n}`,
        uses: n,
        version: 1,
        createdAt: at,
        updatedAt: at,
      }
      await database.db(system).insertInto('tags').values(row).execute()
    }
  }
  return database
}

const refused = expect.objectContaining({ code: 'storage.statement' })

test('a handle counts what it changed and streams what it reads', async () => {
  const { db } = await twoTenants()
  const { numUpdatedRows } = await db(tenantA)
    .updateTable('tags')
    .set({ uses: 9 })
    .where('uses', '>', 1)
    .executeTakeFirstOrThrow()
  expect(numUpdatedRows).toBe(2n)
  const words: unknown[] = []
  for await (const { word } of db(readerA).selectFrom('tags').select('word').orderBy('word').stream(2))
    words.push(word)
  expect(words).toEqual(['w1', 'w2', 'w3'])
})

test("Kysely's own transactions and connections are refused, with the way out", async () => {
  const { db } = await twoTenants()
  const handles: Kysely<any>[] = [db(tenantA), db(tenantA).$extendTables<any>()]
  for (const handle of handles) {
    await expect(handle.transaction().execute(async () => 1)).rejects.toThrow('use ctx.tx')
    await expect(handle.connection().execute(async () => 1)).rejects.toThrow('use ctx.tx')
    await expect(handle.startTransaction().execute()).rejects.toThrow('use ctx.tx')
  }
  expect(() => db(tenantA).introspection).toThrow(refused)
})

test('the binding cannot be taken off', async () => {
  const { db } = await twoTenants()
  const bound = db(tenantA)
  expect(await bound.withoutPlugins().selectFrom('tags').select('id').execute()).toHaveLength(3)
  // Sees the query before it is bound, so it cannot unbind it.
  const meddling: KyselyPlugin = {
    transformQuery: ({ node }) => {
      const { where: _where, ...rest } = node as { where?: unknown } & typeof node
      return rest
    },
    transformResult: async ({ result }) => result,
  }
  expect(
    await bound.withPlugin(meddling).selectFrom('tags').select('id').where('uses', '=', 1).execute(),
  ).toHaveLength(3)
})

test('nothing runs that was not bound to the same tenant', async () => {
  const { db, layer } = await twoTenants()
  const foreign = CompiledQuery.raw('select * from clientele_tags')
  await expect(db(tenantA).executeQuery(foreign)).rejects.toThrow(refused)
  expect(() => layer.statementOf({ compile: () => foreign, execute: async () => [] })).toThrow(refused)
  const others = db({ ...tenantA, tenantId: 'b' })
    .selectFrom('tags')
    .selectAll()
  await expect(db(tenantA).executeQuery(others.compile())).rejects.toThrow(refused)
  await expect(sql`select * from clientele_tags`.execute(db(tenantA))).rejects.toThrow(
    expect.objectContaining({ code: 'storage.raw_table' }),
  )
  expect(await sql`select 1 as one`.execute(db(system))).toMatchObject({ rows: [{ one: 1 }] })
})

test('a refused query leaves the handle as it was', async () => {
  const { db } = await twoTenants()
  const broken = db(tenantA)
    .with('x', (q) => q.selectFrom('tags').select('id'))
    .selectFrom('nowhere')
    .selectAll()
  expect(() => broken.compile()).toThrow('nowhere')
  expect(await db(tenantA).selectFrom('tags').select('id').execute()).toHaveLength(3)
})
