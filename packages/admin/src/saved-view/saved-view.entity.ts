import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** Filters, sort and columns of a list under a name: somebody's own, or for everybody in the tenant. */
export const SavedView = defineEntity(
  'savedViews',
  {
    panel: col.text(z.string().min(1).max(100)).filterable().describe('Whose list: the id of the panel'),
    name: col.text(z.string().trim().min(1).max(100)).filterable().sortable(),
    query: col
      .text(z.string().max(4000))
      .default('')
      .describe('As the address says it: status=active&sort=-createdAt'),
    columns: col
      .json(z.array(z.string().min(1).max(200)).max(100))
      .nullable()
      .describe('In their order; null: those of the list'),
    isShared: col
      .boolean()
      .default(false)
      .filterable()
      .describe('For everybody here, not for its owner only'),
    ownerKind: col.text(z.string().max(20)),
    ownerId: col.text(z.string().max(200)).filterable().describe('Who made it'),
  },
  {
    label: 'name',
    indexes: [{ on: ['panel', 'ownerId'] }],
    description: 'Lists of the admin as people saved them',
  },
)

/** A saved view as `t.repo` and the wire show one. */
export interface SavedViewRow extends RowOf<typeof SavedView> {}
