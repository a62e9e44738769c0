import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The tables as they were at this version; the entities may move on, these may not.
const products = defineEntity(
  'products',
  {
    name: col.text(),
    sku: col.text().unique(),
    description: col.text().nullable(),
    price: col.money(),
    category: col.text().nullable().index(),
    lowStockAt: col.integer(z.number()).nullable(),
    status: col.enum(['active', 'archived']).default('active'),
  },
  { softDelete: true, importable: true },
)

const productStock: TableDefinition = {
  name: 'productStock',
  columns: { quantity: col.integer().default(0) },
  options: { indexes: [{ on: ['quantity'] }] },
  extension: { base: products, as: 'stock' },
}

const stockMovements: TableDefinition = {
  name: 'stockMovements',
  columns: {
    productId: col.ref(() => products, { onDelete: 'cascade' }),
    delta: col.integer(),
    quantityAfter: col.integer(),
    reason: col.enum(['received', 'sold', 'returned', 'counted', 'damaged', 'other']),
    note: col.text().nullable(),
    movedAt: col.timestamp(),
  },
  options: { importable: true, indexes: [{ on: ['productId', 'movedAt'] }] },
}

export const m0001Inventory: Migration = {
  async up(m) {
    await m.createTable(products)
    await m.createTable(productStock)
    await m.createTable(stockMovements)
  },
  async down(m) {
    await m.dropTable('stockMovements')
    await m.dropTable('productStock')
    await m.dropTable('products')
  },
}
