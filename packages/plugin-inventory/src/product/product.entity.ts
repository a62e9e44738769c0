import { col, defineEntity, type InsertOf, type PatchOf, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** Something the shop sells. What it costs now stands here; what it cost stands on the order line. */
export const Product = defineEntity(
  'products',
  {
    name: col.text(z.string().min(1).max(300)).filterable().sortable().searchable(),
    sku: col
      .text(z.string().min(1).max(100))
      .unique()
      .filterable()
      .sortable()
      .searchable()
      .describe('The shop’s own code; unique among products that are not removed'),
    description: col.text().nullable(),
    price: col.money().filterable().sortable(),
    category: col.text(z.string().max(200)).nullable().index().filterable().sortable(),
    lowStockAt: col
      .integer(z.number().int().min(0))
      .nullable()
      .filterable()
      .describe('Stock at or below it is low; null takes the tenant’s setting'),
    status: col.enum(['active', 'archived']).default('active').filterable().sortable(),
  },
  { label: 'name', softDelete: true, importable: true, description: 'Something the shop sells.' },
)

/** A product as `t.repo` and the wire show one. */
export interface ProductRow extends RowOf<typeof Product> {}
/** What creating a product takes. */
export interface NewProduct extends InsertOf<typeof Product> {}
/** What changing a product takes: what is left out stays. */
export interface ProductChanges extends PatchOf<typeof Product> {}
