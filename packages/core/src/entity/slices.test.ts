import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { definePlugin } from '../plugin/plugin.ts'
import { col } from './column.ts'
import { defineEntity } from './entity.ts'
import { slicesById, slicesOf } from './slices.ts'

const Leaf = defineEntity('leaves', { n: col.integer() }, { singular: 'leaf' })
const leaves = definePlugin({
  id: 'leaves',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Leaf],
  migrations: { '0001-leaves': { up: (m) => m.createTable(Leaf), down: (m) => m.dropTable('leaves') } },
})

test('the slices of a list are the list', () => {
  for (let length = 0; length < 12; length++) {
    const list = Array.from({ length }, (_, n) => n)
    const slices = [...slicesOf(list, 4)]
    expect(slices.flat()).toEqual(list)
    expect(slices.map((slice) => slice.length)).toEqual(slices.map((_, n) => Math.min(4, length - n * 4)))
  }
})

eachStorage((storage) => {
  test.each([0, 3, 4, 9])('each of %i rows comes once, also when those that came go', async (count) => {
    const t = await createTestClientele({ storage, plugins: [leaves()] })
    const { ctx, tx } = t.as()
    const made = await tx((w) => w.repo(Leaf).insertMany(Array.from({ length: count }, (_, n) => ({ n }))))
    const found: number[] = []
    for await (const slice of slicesById(ctx.db.selectFrom('leaves').select(['id', 'n']), 4)) {
      expect(slice.length).toBeLessThanOrEqual(4)
      found.push(...slice.map(({ n }) => n))
      await tx((w) => w.repo(Leaf).removeMany(slice.map(({ id }) => id)))
    }
    expect(found).toEqual(made.map(({ n }) => n))
  })
})
