import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity, extendEntity } from '../entity/entity.ts'
import { crudRoutes } from '../http/crud.ts'
import { definePlugin } from '../plugin/plugin.ts'

/** A kind of row with a column of every kind. */
export const Item = defineEntity(
  'items',
  {
    title: col.text().filterable().sortable().index(),
    note: col.text().nullable().filterable().sortable(),
    state: col.enum(['new', 'sold', '=odd']).default('new').filterable(),
    count: col.integer().nullable().filterable().sortable(),
    size: col.real().nullable(),
    kept: col.boolean().default(false),
    madeAt: col.timestamp().nullable(),
    extra: col.json(z.json()).nullable(),
    price: col.money().nullable().sortable(),
    token: col.secret().nullable(),
  },
  { label: 'title', softDelete: true, importable: true },
)

export const ItemScore = extendEntity(
  Item,
  'itemScores',
  {
    points: col.integer().default(7).filterable().sortable(),
    worth: col.money().nullable(),
    key: col.secret().nullable(),
  },
  { as: 'score' },
)

const read = 'shelf:read'
const write = 'shelf:write'

/** Items with an extension, and their routes. */
export const shelf = definePlugin({
  id: 'shelf',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Item, ItemScore],
  migrations: {
    '0001-items': {
      async up(m) {
        await m.createTable(Item)
        await m.createTable(ItemScore)
      },
      async down(m) {
        await m.dropTable('itemScores')
        await m.dropTable('items')
      },
    },
  },
  permissions: { [read]: { label: 'See items' }, [write]: { label: 'Change items' } },
  routes: crudRoutes(Item, { path: '/api/v1/items', read, write, extensions: 'registered' }),
})
