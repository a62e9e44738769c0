import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { toTimestamp } from '../ports/clock.ts'
import { removeBefore } from './remove-before.ts'

const columns = { endsAt: col.timestamp().index() }
const Visit = defineEntity('visits', columns)
const visits = definePlugin({
  id: 'visits',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Visit],
  migrations: {
    '0001-visits': {
      up: (m) => m.createTable({ name: 'visits', columns }),
      down: (m) => m.dropTable('visits'),
    },
  },
})

eachStorage((storage) => {
  test('what ended before an instant goes, however many slices it takes; what ends then stays', async () => {
    const { ctx } = (await createTestClientele({ storage, plugins: [visits()] })).as()
    const rows = Array.from({ length: 251 }, (_, hour) => ({ endsAt: toTimestamp(hour * 3_600_000) }))
    await ctx.tx((t) => t.repo(Visit).insertMany(rows))
    await removeBefore(ctx, Visit, 'endsAt', toTimestamp(250 * 3_600_000))
    const { items } = await ctx.repo(Visit).list({ filters: [], sort: [], limit: 10 })
    expect(items.map(({ endsAt }) => endsAt)).toEqual([toTimestamp(250 * 3_600_000)])
  })
})
