export { inventory, type InventoryApi, type InventoryShape } from './inventory.plugin.ts'
export { InventorySettings } from './inventory.settings.ts'
export type { InventoryTables } from './inventory.tables.ts'
export { Product, type NewProduct, type ProductChanges, type ProductRow } from './product/product.entity.ts'
export {
  ProductStock,
  STOCK_REASONS,
  StockMovement,
  type StockMovementRow,
  type StockReason,
} from './stock/stock.entity.ts'
export type { ImportedMovement, MovementBatch } from './stock/stock-import.ts'
export {
  Stock,
  type InventoryStats,
  type StockAdjustment,
  type StockedProduct,
  type StockService,
} from './stock/stock.service.ts'
