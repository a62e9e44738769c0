import * as z from 'zod'
import { createTestClientele, eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { onChange } from '../change/change.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { col } from './column.ts'
import { defineEntity, extendEntity } from './entity.ts'

const requires = { core: '*' }
const Parent = defineEntity('parents', { name: col.text() })
const columns = {
  parentId: col.ref(() => Parent).nullable(),
  title: col.text(z.string().min(1)),
  price: col.money().nullable(),
  tags: col.json(z.array(z.string())).default([]),
  key: col.secret().nullable(),
}
const options = { softDelete: true, importable: true } as const
const Note = defineEntity('notes', columns, options)
const scoreColumns = { score: col.integer().default(7), at: col.timestamp().nullable() }
const NoteScore = extendEntity(Note, 'noteScores', scoreColumns, { as: 'score' })
const notes = definePlugin({
  id: 'notes',
  version: '1.0.0',
  requires,
  entities: [Parent, Note, NoteScore],
  migrations: {
    '0001-notes': {
      async up(m) {
        await m.createTable({ name: 'parents', columns: Parent.columns })
        await m.createTable({ name: 'notes', columns, options })
        await m.createTable({
          name: 'noteScores',
          columns: scoreColumns,
          extension: { base: Note, as: 'score' },
        })
      },
      async down(m) {
        await m.dropTable('noteScores')
        await m.dropTable('notes')
        await m.dropTable('parents')
      },
    },
  },
})

const open = (storage: TestStorage) => createTestClientele({ storage, plugins: [notes()] })

eachStorage((storage) => {
  test('an inserted row reads back as it was answered', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const price = { amount: 1999, currency: 'EUR' }
    const row = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'São ☕', price, tags: ['a', 'b'] }))
    expect(await ctx.repo(Note).get(row.id)).toEqual(row)
    expect(row).toMatchObject({
      version: 1,
      price,
      tags: ['a', 'b'],
      deletedAt: null,
      createdAt: '2026-01-15T12:00:00.000Z',
    })
  })

  test('the row of an extension comes and goes with its base row', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const { id } = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'a' }))
    expect(await ctx.repo(NoteScore).get(id)).toMatchObject({ id, score: 7, at: null })
    await ctx.tx((tx) => tx.repo(NoteScore).patch(id, { score: 9 }))
    expect((await ctx.repo(NoteScore).get(id)).score).toBe(9)
  })

  test('a patch raises the version and a stale one is refused with the current row', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const { id } = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'a' }))
    t.clock.advance('1h')
    const patched = await ctx.tx((tx) => tx.repo(Note).patch(id, { title: 'b' }, { ifVersion: 1 }))
    expect(patched).toMatchObject({ title: 'b', version: 2, updatedAt: '2026-01-15T13:00:00.000Z' })
    const stale = ctx.tx((tx) => tx.repo(Note).patch(id, { title: 'c' }, { ifVersion: 1 }))
    await expect(stale).rejects.toMatchObject({
      code: 'entity.stale_version',
      params: { actual: 2, current: { title: 'b' } },
    })
  })

  test('a removed row is hidden, can be restored, and keeps its history of versions', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const { id } = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'a' }))
    await ctx.tx((tx) => tx.repo(Note).remove(id))
    expect(await ctx.repo(Note).find(id)).toBeNull()
    await expect(ctx.tx((tx) => tx.repo(Note).patch(id, { title: 'x' }))).rejects.toMatchObject({
      code: 'entity.not_found',
    })
    expect(await ctx.tx((tx) => tx.repo(Note).restore(id))).toMatchObject({
      title: 'a',
      version: 3,
      deletedAt: null,
    })
  })

  test('a removal can be undone for 30 days and no longer', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const { id } = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'a' }))
    await ctx.tx((tx) => tx.repo(Note).remove(id))
    t.clock.advance('31d')
    await expect(ctx.tx((tx) => tx.repo(Note).restore(id))).rejects.toMatchObject({
      code: 'entity.not_found',
    })
  })

  test('a reference to nobody names its column', async () => {
    const t = await open(storage)
    const parentId = '019bc186-de00-7002-8b07-a957678bce98'
    const orphan = t.as().ctx.tx((tx) => tx.repo(Note).insert({ title: 'a', parentId }))
    await expect(orphan).rejects.toMatchObject({
      code: 'entity.reference',
      message: 'Cannot save "notes": parentId names a row that does not exist',
    })
  })

  test('an upsert inserts once, patches what differs, and leaves an equal row alone', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const key = { source: 'shop', externalId: '17' }
    const [first, again] = await ctx.tx((tx) =>
      tx.repo(Note).upsertMany([
        { ...key, title: 'a' },
        { ...key, title: 'a' },
      ]),
    )
    expect(again).toEqual(first)
    expect(await ctx.tx((tx) => tx.repo(Note).upsert({ ...key, title: 'a' }))).toMatchObject({
      id: first!.id,
      version: 1,
    })
    expect(await ctx.tx((tx) => tx.repo(Note).upsert({ ...key, title: 'b' }))).toMatchObject({
      id: first!.id,
      version: 2,
      title: 'b',
    })
  })

  test('20 transactions upserting one key at once make one row', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const rows = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        ctx.tx((tx) => tx.repo(Note).upsert({ source: 'shop', externalId: 'same', title: `${n}` })),
      ),
    )
    expect(new Set(rows.map((row) => row.id)).size).toBe(1)
  })

  test('a secret is sealed in the table, absent from rows, and read only by reveal', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const row = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'a', key: 'hunter2' }))
    expect(row).not.toHaveProperty('key')
    expect(JSON.stringify(t.recorder.changes)).not.toContain('hunter2')
    const [stored] = await ctx.db.selectFrom('notes').select('key').execute()
    expect(Buffer.from(stored!['key'] as unknown as Uint8Array).toString('latin1')).not.toContain('hunter2')
    expect(await ctx.repo(Note).reveal(row.id, 'key')).toBe('hunter2')
  })

  test('every write is told to subscribers with before, after and the columns that differ', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const { id } = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'a' }))
    t.recorder.clear()
    await ctx.tx(async (tx) => {
      await tx.repo(Note).patch(id, { title: 'b' })
      await tx.repo(Note).remove(id)
      await tx.repo(Note).restore(id)
    })
    expect(t.recorder.changes).toMatchObject([
      { kind: 'patch', id, before: { title: 'a' }, after: { title: 'b' }, columns: ['title'] },
      { kind: 'remove', id, before: { title: 'b' }, after: null },
      { kind: 'restore', id, after: { title: 'b', deletedAt: null } },
    ])
  })

  test('what one database would hold and another not is refused by the name of its field', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const wrong = [
      [{ title: 'a\0b' }, 'title'],
      [{ title: 'a\ud800' }, 'title'],
      [{ title: 'a', externalId: '\0', source: 's' }, 'externalId'],
      [{ title: 'a', price: { amount: 2 ** 53, currency: 'EUR' } }, 'price'],
      [{ title: 'a', price: { amount: 0.5, currency: 'EUR' } }, 'price'],
    ] as const
    const { id } = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'whole' }))
    for (const [values, field] of wrong) {
      const refusal = { code: 'entity.invalid_value', params: { fields: [field] } }
      await expect(ctx.tx((tx) => tx.repo(Note).insert(values))).rejects.toMatchObject(refusal)
      await expect(ctx.tx((tx) => tx.repo(Note).patch(id, values))).rejects.toMatchObject(refusal)
    }
    await expect(ctx.tx((tx) => tx.repo(NoteScore).patch(id, { score: 1e300 }))).rejects.toMatchObject({
      code: 'entity.invalid_value',
      params: { fields: ['score'] },
    })
    expect((await ctx.repo(Note).get(id)).version).toBe(1)
  })

  test('a subscriber that throws takes the whole transaction back', async () => {
    const veto = definePlugin({
      id: 'veto',
      version: '1.0.0',
      requires,
      dependsOn: [notes],
      changes: [
        onChange(Note, 'veto.titles', (changes) => {
          if (changes.some((change) => change.after?.title === 'forbidden')) throw new Error('vetoed')
        }),
      ],
    })
    const t = await createTestClientele({ storage, plugins: [notes(), veto()] })
    const { ctx } = t.as()
    const both = ctx.tx(async (tx) => {
      await tx.repo(Note).insert({ title: 'fine' })
      await tx.repo(Note).insert({ title: 'forbidden' })
    })
    await expect(both).rejects.toThrow('vetoed')
    expect(await ctx.db.selectFrom('notes').select('id').execute()).toEqual([])
  })

  test('a direct write is refused outside t.projection, and any write outside a transaction', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const { id } = await ctx.tx((tx) => tx.repo(Note).insert({ title: 'a' }))
    const direct = ctx.tx((tx) => tx.db.updateTable('notes').set({ title: 'x' }).execute())
    await expect(direct).rejects.toMatchObject({ code: 'storage.direct_write' })
    await expect(ctx.db.deleteFrom('notes').execute()).rejects.toMatchObject({ status: 500 })
    await ctx.tx((tx) =>
      tx.projection('a derived title', (db) => db.updateTable('notes').set({ title: 'x' }).execute()),
    )
    expect((await ctx.repo(Note).get(id)).title).toBe('x')
  })

  test('a failing savepoint undoes its part and the transaction goes on', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    await ctx.tx(async (tx) => {
      await tx.repo(Note).insert({ title: 'kept' })
      const inner = tx.tx(async (s) => {
        await s.repo(Note).insert({ title: 'undone' })
        throw new Error('inner')
      })
      await expect(inner).rejects.toThrow('inner')
    })
    expect((await ctx.db.selectFrom('notes').select('title').execute()).map((row) => row['title'])).toEqual([
      'kept',
    ])
  })

  test('the outer context inside a transaction, and a transaction after its end, are refused', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const outer = ctx.tx(() => ctx.db.selectFrom('notes').select('id').execute())
    await expect(outer).rejects.toMatchObject({ code: 'storage.outer_handle' })
    await expect(ctx.tx(() => ctx.tx(async () => {}))).rejects.toMatchObject({ code: 'storage.outer_handle' })
    const leaked = await ctx.tx(async (tx) => tx)
    await expect(leaked.db.selectFrom('notes').select('id').execute()).rejects.toMatchObject({
      code: 'storage.transaction_over',
    })
  })

  test('10,000 rows go in at once, all or none', async () => {
    const t = await open(storage)
    const { ctx } = t.as()
    const values = Array.from({ length: 10_000 }, (_, n) => ({
      title: `${n}`,
      source: 'bulk',
      externalId: `${n}`,
    }))
    await ctx.tx((tx) => tx.repo(Note).insertMany(values))
    const twice = ctx.tx((tx) =>
      tx.repo(Note).insertMany([{ title: 'new' }, { title: 'x', source: 'bulk', externalId: '5' }]),
    )
    await expect(twice).rejects.toMatchObject({
      code: 'entity.conflict',
      params: { fields: ['source', 'externalId'] },
    })
    const [{ count }] = (await ctx.population.run(
      ctx.db.selectFrom('notes').select((eb) => eb.fn.countAll<number>().as('count')),
    )) as [{ count: number }]
    expect(count).toBe(10_000)
  })
})
