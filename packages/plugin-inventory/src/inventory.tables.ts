import type { TablesOf } from '@clientele/core'
import type { Product } from './product/product.entity.ts'
import type { ProductStock, StockMovement } from './stock/stock.entity.ts'

/** What typed queries see of this plugin. */
export interface InventoryTables extends TablesOf<
  [typeof Product, typeof ProductStock, typeof StockMovement]
> {}
