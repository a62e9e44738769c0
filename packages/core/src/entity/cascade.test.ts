import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { definePlugin } from '../plugin/plugin.ts'
import { col } from './column.ts'
import { defineEntity, extendEntity } from './entity.ts'

const Box = defineEntity('boxes', { label: col.text() })
const BoxNote = extendEntity(Box, 'boxNotes', { words: col.text().default('') }, { as: 'note' })
const itemColumns = { boxId: col.ref(() => Box, { onDelete: 'cascade' }), name: col.text() }
const Item = defineEntity('items', itemColumns, { softDelete: true })
const partColumns = { itemId: col.ref(() => Item, { onDelete: 'cascade' }), size: col.integer() }
const Part = defineEntity('parts', partColumns)
const entities = [Box, BoxNote, Item, Part] as const
const boxes = definePlugin({
  id: 'boxes',
  version: '1.0.0',
  requires: { core: '*' },
  entities,
  migrations: {
    '0001-boxes': {
      async up(m) {
        for (const entity of entities) await m.createTable(entity)
      },
      async down(m) {
        for (const { name } of entities.toReversed()) await m.dropTable(name)
      },
    },
  },
})

eachStorage((storage) => {
  test('a subscriber sees the rows that go together with the one removed, what hangs deepest first', async () => {
    const t = await createTestClientele({ storage, plugins: [boxes()] })
    const { tx, ctx } = t.as()
    const [box, other] = await tx((one) => one.repo(Box).insertMany([{ label: 'a' }, { label: 'b' }]))
    const items = [box!, box!, other!].map(({ id }, n) => ({ boxId: id, name: `item ${n}` }))
    const [item, hidden] = await tx((one) => one.repo(Item).insertMany(items))
    await tx((one) =>
      one.repo(Part).insertMany([
        { itemId: item!.id, size: 1 },
        { itemId: hidden!.id, size: 2 },
      ]),
    )
    await tx((one) => one.repo(Item).remove(hidden!.id))
    t.recorder.clear()

    await tx((one) => one.repo(Box).remove(box!.id))

    const seen = t.recorder.changes.map(({ kind, entity, before, after }) => ({
      kind,
      of: entity.name,
      before,
      after,
    }))
    expect(seen).toMatchObject([
      { kind: 'remove', of: 'boxNotes', before: { id: box!.id, words: '' }, after: null },
      { kind: 'remove', of: 'parts', before: { size: 1 }, after: null },
      { kind: 'remove', of: 'parts', before: { size: 2 }, after: null },
      // The hidden item was told as removed when it was hidden.
      { kind: 'remove', of: 'items', before: { name: 'item 0' }, after: null },
      { kind: 'remove', of: 'boxes', before: { label: 'a' }, after: null },
    ])
    expect(await ctx.db.selectFrom('parts').selectAll().execute()).toEqual([])
    expect(await ctx.db.selectFrom('boxNotes').select('id').execute()).toEqual([{ id: other!.id }])
  })
})
