import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { definePlugin } from '../plugin/plugin.ts'
import type { Tx } from './context.ts'

const columns = { title: col.text().unique() }
const Note = defineEntity('notes', columns)
const notes = definePlugin({
  id: 'notes',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Note],
  migrations: {
    '0001-notes': {
      up: (m) => m.createTable({ name: 'notes', columns }),
      down: (m) => m.dropTable('notes'),
    },
  },
})

eachStorage((storage) => {
  test('writes side by side, of which the first fails, leave nothing behind', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [notes()] })).as()
    await ctx.tx((t) => t.repo(Note).insert({ title: 'taken' }))
    const titles = ['taken', 'a', 'b', 'c', 'd', 'e', 'f', 'g']
    const all = ctx.tx((t) => Promise.all(titles.map((title) => t.repo(Note).insert({ title }))))
    await expect(all).rejects.toMatchObject({ code: 'entity.conflict' })
    // A later transaction on the same connection would show what still came after the end of the first.
    await ctx.tx((t) => t.repo(Note).insert({ title: 'later' }))
    expect((await ctx.db.selectFrom('notes').select('title').execute()).length).toBe(2)
  })

  test('writes that nobody awaits are over when the transaction is', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [notes()] })).as()
    const forgotten: Promise<unknown>[] = []
    const failing = ctx.tx(async (t) => {
      const rows = Array.from({ length: 450 }, (_, n) => ({ title: `many ${n}` }))
      forgotten.push(t.repo(Note).insertMany(rows))
      for (let n = 0; n < 20; n++) forgotten.push(t.repo(Note).insert({ title: `one ${n}` }))
      throw new Error('no')
    })
    void Promise.allSettled(forgotten)
    await expect(failing).rejects.toThrow('no')
    await Promise.allSettled(forgotten)
    expect(await ctx.db.selectFrom('notes').select('title').execute()).toEqual([])
  })

  test('savepoints that overlap are refused with their transaction, nested ones are not', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [notes()] })).as()
    const insert = (t: Tx, title: string) => t.tx((inner) => inner.repo(Note).insert({ title }))
    const titles = ['a', 'b', 'c']
    const all = ctx.tx((t) => Promise.allSettled(titles.map((title) => insert(t, title))))
    await expect(all).rejects.toMatchObject({ code: 'storage.savepoints_crossed' })
    const nested = ctx.tx((t) =>
      t.tx(async (outer) => {
        await insert(outer, 'kept')
        await insert(outer, 'kept').catch(() => {})
        await insert(t, 'kept too')
      }),
    )
    await nested
    const rows = await ctx.db.selectFrom('notes').select('title').orderBy('title').execute()
    expect(rows).toEqual([{ title: 'kept' }, { title: 'kept too' }])
  })

  test('a stream that is read on after its transaction ends is refused', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [notes()] })).as()
    const rows = Array.from({ length: 10 }, (_, n) => ({ title: `${n}` }))
    await ctx.tx((t) => t.repo(Note).insertMany(rows))
    const stream = await ctx.tx(async (t) => {
      const all = t.db.selectFrom('notes').select('title').stream(2)
      await all.next()
      return all
    })
    const readOn = async (): Promise<void> => {
      for await (const row of stream) expect(row).toBeDefined()
    }
    await expect(readOn()).rejects.toMatchObject({ code: 'storage.transaction_over' })
    expect(await ctx.tx((t) => t.db.selectFrom('notes').select('title').execute())).toHaveLength(10)
  })
})
