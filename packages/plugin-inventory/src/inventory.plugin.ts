import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { inventoryAdmin } from './inventory.admin.ts'
import { InventorySettings } from './inventory.settings.ts'
import type { InventoryTables } from './inventory.tables.ts'
import { m0001Inventory } from './migrations/0001-inventory.ts'
import { Product } from './product/product.entity.ts'
import { productRoutes } from './product/product.routes.ts'
import { ProductStock, StockMovement } from './stock/stock.entity.ts'
import { stockRoutes } from './stock/stock.routes.ts'
import { createStockService, Stock } from './stock/stock.service.ts'

const impl = definePlugin({
  id: 'inventory',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  entities: [Product, ProductStock, StockMovement],
  migrations: { '0001-inventory': m0001Inventory },
  settings: [InventorySettings],
  permissions: {
    'inventory:read': { label: 'See products and stock', roles: ['admin', 'editor', 'viewer'] },
    'inventory:write': { label: 'Change products and stock', roles: ['admin', 'editor'] },
  },
  services: () => [provide(Stock, { factory: createStockService })],
  routes: {
    listProducts: productRoutes.list,
    getProduct: productRoutes.get,
    createProduct: productRoutes.create,
    updateProduct: productRoutes.update,
    replaceProduct: productRoutes.replace,
    removeProduct: productRoutes.remove,
    restoreProduct: productRoutes.restore,
    bulkProducts: productRoutes.bulk,
    ...stockRoutes,
  },
  admin: inventoryAdmin,
})

/** The plugin's routes as typed calls. */
export interface InventoryApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface InventoryShape {
  readonly id: 'inventory'
  readonly tables: InventoryTables
  readonly api: InventoryApi
}

/** Products and their stock. */
export const inventory: (() => Plugin<InventoryShape>) & { readonly pluginId: 'inventory' } = impl
