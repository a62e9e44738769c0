import type { Kysely } from 'kysely'
import { createTestClientele, eachStorage, postgresTestStorage } from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity } from '../entity/entity.ts'
import type { InternalTx } from '../kernel/runtime.ts'
import type { Storage } from '../storage/storage.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { SearchReindex } from './reindex.jobs.ts'
import { openPapers, Paper, paperList, papers, Remark } from './search.fixture.ts'

eachStorage((storage) => {
  test('marks and case do not matter, all words must be there, the last may be a beginning', async () => {
    const { scope, titles } = await openPapers(storage)
    await scope.tx((t) =>
      t.repo(Paper).insertMany([{ title: 'São Paulo' }, { title: 'Sao Miguel' }, { title: 'Łódź' }]),
    )
    for (const q of ['sao', 'SAO', 'são', 'sa']) expect(await titles(q)).toEqual(['São Paulo', 'Sao Miguel'])
    expect(await titles('paulo são')).toEqual(['São Paulo'])
    expect(await titles('sao mig')).toEqual(['Sao Miguel'])
    expect(await titles('mig sao')).toEqual([])
    expect(await titles('lodz')).toEqual(['Łódź'])
    expect(await titles('ao')).toEqual([])
  })

  test('a row is found by all its searchable columns together, and by no other', async () => {
    const { scope, titles } = await openPapers(storage)
    const email = 'Ana.Maria@shop.example.com'
    await scope.tx((t) => t.repo(Paper).insert({ title: 'Bill', email, number: 4711, note: 'secret' }))
    for (const q of [email, 'ana.maria', 'shop.example.com', 'ana.maria@shop', '4711 bill', 'bill ana'])
      expect(await titles(q), q).toEqual(['Bill'])
    for (const q of ['secret', 'maria@shop', '471 bill']) expect(await titles(q), q).toEqual([])
  })

  test('an importable row is found by what it is called elsewhere, also when that changes', async () => {
    const { scope, titles } = await openPapers(storage)
    const { id } = await scope.tx((t) =>
      t.repo(Paper).upsert({ source: 'archive', externalId: 'A-17001', title: 'Bill' }),
    )
    expect([await titles('17001'), await titles('archive')]).toEqual([['Bill'], []])
    await scope.tx((t) => t.repo(Paper).patch(id, { externalId: 'A-18002' }))
    expect([await titles('17001'), await titles('bill a-18002')]).toEqual([[], ['Bill']])
  })

  test('the index follows every write, also one that is undone', async () => {
    const { scope, titles } = await openPapers(storage)
    const { id } = await scope.tx((t) => t.repo(Paper).insert({ title: 'first' }))
    await scope.tx((t) => t.repo(Paper).patch(id, { title: 'second' }))
    expect([await titles('first'), await titles('second')]).toEqual([[], ['second']])
    await scope.tx((t) => t.repo(Paper).patch(id, { title: null }))
    expect(await titles('second')).toEqual([])
    await scope.tx((t) => t.repo(Paper).patch(id, { title: 'third' }))
    await scope.tx((t) => t.repo(Paper).remove(id))
    expect(await titles('third')).toEqual([])
    await scope.tx((t) => t.repo(Paper).restore(id))
    expect(await titles('third')).toEqual(['third'])
    const undone = scope.tx(async (t) => {
      await t.repo(Paper).patch(id, { title: 'fourth' })
      await t
        .tx(async (inner) => {
          await inner.repo(Paper).insert({ title: 'fifth' })
          throw new Error('inner')
        })
        .catch(() => {})
      expect((await t.repo(Paper).list(paperList.parse({ q: 'fourth' }))).items).toHaveLength(1)
      expect((await t.repo(Paper).list(paperList.parse({ q: 'fifth' }))).items).toHaveLength(0)
      throw new Error('outer')
    })
    await expect(undone).rejects.toThrow('outer')
    expect([await titles('third'), await titles('fourth')]).toEqual([['third'], []])
  })

  test('rows that go with another leave the index', async () => {
    const { t, scope, remarks } = await openPapers(storage)
    const id = await scope.tx(async (tx) => {
      const paper = await tx.repo(Paper).insert({ title: 'paper' })
      const one = await tx.repo(Remark).insert({ paperId: paper.id, text: 'remarkable' })
      await tx.repo(Remark).insert({ paperId: paper.id, text: 'remarked' })
      await tx.repo(Remark).remove(one.id)
      return paper.id
    })
    expect(await remarks('remark')).toEqual(['remarked'])
    expect(await countDocuments(t.as({ tenantId: 'here' }))).toBe(2)
    await scope.tx((tx) => tx.repo(Paper).remove(id))
    expect(await countDocuments(t.as({ tenantId: 'here' }))).toBe(1)
  })

  test('a patch of other columns does not write the index', async () => {
    const { scope, titles } = await openPapers(storage)
    const { id } = await scope.tx((t) => t.repo(Paper).insert({ title: 'kept' }))
    await scope.tx((t) =>
      t.projection('so that a write would show', (db: Kysely<any>) =>
        db.deleteFrom('searchDocuments').execute(),
      ),
    )
    await scope.tx((t) => t.repo(Paper).patch(id, { note: 'x', kind: 'b' }))
    expect(await titles('kept')).toEqual([])
    await scope.tx((t) => t.repo(Paper).patch(id, { title: 'kept' }))
    expect(await titles('kept')).toEqual(['kept'])
  })

  test('a search stands beside filters, sorts, pages and counts', async () => {
    const { scope } = await openPapers(storage)
    const rows = Array.from({ length: 40 }, (_, n) => ({
      title: `${n % 2 ? 'odd' : 'even'} ${String(n).padStart(2, '0')}`,
      kind: n % 3 ? ('a' as const) : ('b' as const),
    }))
    await scope.tx((t) => t.repo(Paper).insertMany(rows))
    const wanted = rows
      .filter(({ title, kind }) => title.startsWith('odd') && kind === 'a')
      .map(({ title }) => title)
    const seen: (string | null)[] = []
    let cursor: string | undefined
    do {
      const query = { q: 'od', kind: 'a', sort: '-title', limit: 4, count: 'exact' as const }
      const page = await scope.ctx
        .repo(Paper)
        .list(paperList.parse({ ...query, ...(cursor ? { cursor } : {}) }))
      expect(page.total).toBe(wanted.length)
      seen.push(...page.items.map(({ title }) => title))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen).toEqual(wanted.toReversed())
  })

  test('a word that thousands of rows have is found page by page, in order and without gaps', async () => {
    const { t, scope } = await openPapers(storage)
    const rows = Array.from({ length: 6000 }, (_, n) => ({
      id: `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`,
      title: n % 50 ? 'common' : 'rare',
    }))
    await scope.tx((tx) => tx.repo(Paper).insertMany(rows))
    // The other tenant has the same ids, and the word where this one has it not.
    const others = rows.map(({ id, title }) => ({ id, title: title === 'common' ? 'rare' : 'common' }))
    await t.as({ tenantId: 'there' }).tx((tx) => tx.repo(Paper).insertMany(others))
    await scope.tx((tx) => tx.repo(Paper).remove(rows[5998]!.id))
    const wanted = rows
      .flatMap(({ id, title }, n) => (title === 'common' && n !== 5998 ? [id] : []))
      .toReversed()
    const first = await scope.ctx.repo(Paper).list(paperList.parse({ q: 'comm', limit: 200, count: 'exact' }))
    expect(first.total).toBe(wanted.length)
    const cursor = first.nextCursor!
    const second = await scope.ctx.repo(Paper).list(paperList.parse({ q: 'comm', limit: 200, cursor }))
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(wanted.slice(0, 400))
  })

  test('one tenant never finds what another wrote, even about a row of the same id', async () => {
    const { t, titles } = await openPapers(storage)
    const id = '018f0000-0000-7000-8000-000000000001'
    for (const tenantId of ['here', 'there'])
      await t.as({ tenantId }).tx((tx) => tx.repo(Paper).insert({ id, title: `paper of ${tenantId}` }))
    expect(await titles('there')).toEqual([])
    expect(await titles('paper')).toEqual(['paper of here'])
    await t.as({ tenantId: 'there' }).tx((tx) => tx.repo(Paper).remove(id))
    expect([await titles('here'), await titles('paper', 'there')]).toEqual([['paper of here'], []])
  })

  test('what was written past the repo is found once the entity is indexed anew, for every tenant', async () => {
    const { t, titles } = await openPapers(storage)
    for (const tenantId of ['here', 'there']) {
      const scope = t.as({ tenantId })
      await scope.tx((tx) =>
        tx.repo(Paper).insertMany(Array.from({ length: 1200 }, (_, n) => ({ title: `old ${n}` }))),
      )
      await scope.tx((tx) =>
        tx.projection('a bulk change', (db) =>
          db
            .updateTable('papers')
            .set({ title: `new ${tenantId}` })
            .execute(),
        ),
      )
      expect(await titles('new', tenantId)).toEqual([])
    }
    await t.as({ tenantId: 'here' }).tx((tx) => tx.enqueue(SearchReindex, { entity: 'papers' }))
    expect(await t.drain()).toBe(1)
    expect(await titles('new here')).toHaveLength(200)
    expect(await titles('old')).toEqual([])
    expect(await titles('new', 'there')).toHaveLength(200)
    expect(await titles('here', 'there')).toEqual([])
  })

  test('a column that becomes searchable is found after the next start, whatever the tenant', async () => {
    const first = await openPapers(storage)
    await first.scope.tx((t) => t.repo(Paper).insert({ title: 'title', note: 'noted' }))
    const columns = { ...Paper.columns, note: col.text().nullable().searchable() }
    const Wider = defineEntity('papers', columns, Paper.options)
    const remarks = defineEntity('remarks', {
      paperId: col.ref(() => Wider, { onDelete: 'cascade' }),
      text: col.text(),
    })
    const wider = definePlugin({
      id: 'papers',
      version: '2.0.0',
      requires: { core: '*' },
      entities: [Wider, remarks],
      migrations: { '0001-papers': papers().definition.migrations!['0001-papers']! },
    })
    const next = await createTestClientele({
      storage: first.t.storage,
      plugins: [wider()],
      tenancy: { mode: 'multi' },
    })
    expect(await next.drain()).toBe(1)
    expect(await first.titles('noted')).toEqual(['title'])
    // All is as it should be: nothing to do at the next start.
    const last = await createTestClientele({
      storage: first.t.storage,
      plugins: [wider()],
      tenancy: { mode: 'multi' },
    })
    expect(await last.drain()).toBe(0)
  })

  test('a database of the version before is searchable after its upgrade', async () => {
    const { t, scope, titles } = await openPapers(storage)
    await scope.tx((tx) => tx.repo(Paper).insert({ title: 'old one' }))
    await withoutSearch(t.storage)
    const next = await createTestClientele({
      storage: t.storage,
      plugins: [papers()],
      tenancy: { mode: 'multi' },
    })
    expect(await next.drain()).toBe(1)
    expect(await titles('old')).toEqual(['old one'])
  })

  test('hostile text finds nothing, and breaks nothing', async () => {
    const { t, scope } = await openPapers(storage)
    await scope.tx((tx) => tx.repo(Paper).insert({ title: 'NEAR AND NOT OR a:b "quoted" \\ \' 東京' }))
    const as = { tenants: ['here'] } as const
    const find = async (q: string) => {
      const { status, json } = await t.fetch(`/api/v1/papers?q=${encodeURIComponent(q)}`, { as })
      return status === 200 ? json.items.length : (json.errors?.[0]?.path ?? json.code)
    }
    for (const q of [
      'NEAR',
      'near(and not, 2)',
      'a:b',
      '"quoted"',
      'NOT OR',
      '東京',
      '京東',
      "a' | 'b",
      'a & !b',
    ])
      expect([q, await find(q)]).toEqual([q, q === 'near(and not, 2)' ? 0 : 1])
    for (const q of ['title : near', 'zz* OR near', '{title} : near', '^near zz'])
      expect([q, await find(q)]).toEqual([q, 0])
    expect([await find(''), await find('  ')]).toEqual([1, 1])
    for (const q of ['"', '*', '\0', '🎉🎊', '☺️', "'", '\\', '()', '\ud83d', 'x'.repeat(10_000)]) {
      const { status, json } = await t.fetch(`/api/v1/papers?q=${encodeURIComponent(q.toWellFormed())}`, {
        as,
      })
      expect([q.slice(0, 10), status, JSON.stringify(json).includes('"q"')]).toEqual([
        q.slice(0, 10),
        400,
        true,
      ])
    }
  })
})

test('with row-level security forced a search is under the wall, and all tenants are indexed anew', async () => {
  const own = await postgresTestStorage(inject('postgresUrl'), { rls: true })
  onTestFinished(() => own.dispose())
  const { storage } = own
  const { t, titles } = await openPapers(storage)
  for (const tenantId of ['here', 'there'])
    await t.as({ tenantId }).tx((tx) => tx.repo(Paper).insert({ title: `São ${tenantId}` }))
  expect([await titles('sao'), await titles('sao', 'there')]).toEqual([['São here'], ['São there']])
  const seen = await storage.read({ tenantId: 'here' }, (connection) =>
    connection.execute({ sql: 'SELECT tenant_id FROM clientele_search_documents', parameters: [] }),
  )
  expect(seen.rows).toEqual([{ tenantId: 'here' }])
  const all = { tenantId: '*' }
  await storage.write(all, (connection) =>
    connection.execute({ sql: 'DELETE FROM clientele_search_documents', parameters: [] }),
  )
  await storage.write(all, (connection) =>
    connection.execute({ sql: 'DELETE FROM clientele_search_states', parameters: [] }),
  )
  expect(await titles('sao')).toEqual([])
  const next = await createTestClientele({ storage, plugins: [papers()], tenancy: { mode: 'multi' } })
  await next.drain()
  expect([await titles('sao'), await titles('sao', 'there')]).toEqual([['São here'], ['São there']])
})

test('what cannot be searched is a configuration error that names the column', async () => {
  const Base = defineEntity('bases', { at: col.timestamp().searchable() })
  const Side = extendEntity(Base, 'sides', { text: col.text().nullable().searchable() }, { as: 'side' })
  const All = defineEntity(
    'alls',
    { text: col.text().searchable() },
    { tenancy: { global: 'because a test needs one' } },
  )
  const plugin = definePlugin({
    id: 'wrong',
    version: '1.0.0',
    requires: { core: '*' },
    entities: [Base, Side, All],
  })
  await expect(createTestClientele({ plugins: [plugin()] })).rejects.toThrow(
    /"bases": column "at" cannot be searchable[^]*"sides": column "text" cannot[^]*"alls": column "text" cannot/,
  )
})

/** The database as the version before the search left it. */
async function withoutSearch(storage: Storage): Promise<void> {
  const tables = ['search_states', 'search_documents']
  if (storage.capabilities.fullText === 'fts5') tables.push('search_documents_words')
  await storage.write({ tenantId: '*' }, async (connection) => {
    for (const table of tables)
      await connection.execute({ sql: `DROP TABLE "clientele_${table}"`, parameters: [] })
    const sql = `DELETE FROM "clientele_migrations" WHERE name = '0010-search'`
    await connection.execute({ sql, parameters: [] })
  })
}

async function countDocuments(scope: {
  readonly tx: (fn: (t: any) => Promise<unknown>) => Promise<unknown>
}) {
  return scope.tx(async (t: InternalTx) => {
    const rows = await t.db.selectFrom('searchDocuments').select('id').execute()
    return rows.length
  })
}
