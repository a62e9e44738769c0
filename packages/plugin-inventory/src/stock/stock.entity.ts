import { col, defineEntity, extendEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { Product } from '../product/product.entity.ts'

/** Why stock changed. `counted` corrects the level to what stands on the shelf. */
export const STOCK_REASONS = ['received', 'sold', 'returned', 'counted', 'damaged', 'other'] as const
export type StockReason = (typeof STOCK_REASONS)[number]

/** How much of a product there is: the sum of its movements, kept beside the product. */
export const ProductStock = extendEntity(
  Product,
  'productStock',
  {
    quantity: col
      .integer()
      .default(0)
      .filterable()
      .sortable()
      .describe('Below zero when more was sold than was there'),
  },
  { as: 'stock', indexes: [{ on: ['quantity'] }], description: 'How much of a product there is.' },
)

/** One change of a stock level. Never edited: a mistake is corrected by another movement. */
export const StockMovement = defineEntity(
  'stockMovements',
  {
    productId: col.ref(() => Product, { onDelete: 'cascade' }).filterable(),
    delta: col.integer().filterable(),
    quantityAfter: col.integer().describe('The level this movement left behind when it was recorded'),
    reason: col.enum(STOCK_REASONS).filterable(),
    note: col.text(z.string().max(1000)).nullable(),
    movedAt: col.timestamp().filterable().sortable(),
  },
  {
    importable: true,
    indexes: [{ on: ['productId', 'movedAt'] }],
    description: 'One change of a stock level.',
  },
)

/** A movement as `t.repo` and the wire show one. */
export interface StockMovementRow extends RowOf<typeof StockMovement> {}
