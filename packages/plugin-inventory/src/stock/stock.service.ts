import { convertMoney, defineService, money, TenantSettings, type Ctx, type Money, type Tx } from '@clientele/core'
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import { InventorySettings } from '../inventory.settings.ts'
import type { InventoryTables } from '../inventory.tables.ts'
import { Product, type ProductRow } from '../product/product.entity.ts'
import { StockMovement, type StockMovementRow, type StockReason } from './stock.entity.ts'

/** A product with its stock. */
export interface StockedProduct extends ProductRow {
  readonly quantity: number
  /** At or below `lowStockAt` of the product or, without one, of the tenant's settings. */
  readonly lowStock: boolean
}

/** Figures over the active products. */
export interface InventoryStats {
  readonly products: number
  /** Pieces in stock; oversold products count as none. */
  readonly units: number
  /** Σ units × price, in the tenant's reporting currency. */
  readonly valuation: Money
  readonly lowStock: number
  /** Nothing left; also counted as low. */
  readonly outOfStock: number
}

export interface StockAdjustment {
  readonly productId: string
  /** Pieces gained or, below zero, lost. */
  readonly delta: number
  readonly reason: StockReason
  readonly note?: string | null
}

export interface StockService {
  /** @throws `entity.not_found` */
  get(ctx: Ctx, productId: string): Promise<StockedProduct>
  /** The products with their stock, in the order given; missing ones are left out. */
  getMany(ctx: Ctx, products: readonly ProductRow[]): Promise<StockedProduct[]>
  /** The latest movements of a product, newest first. */
  movements(ctx: Ctx, productId: string, limit: number): Promise<StockMovementRow[]>
  stats(ctx: Ctx): Promise<InventoryStats>
  /**
   * Records a movement and moves the level with it, in one transaction. Two adjustments of a product wait for each
   * other, so the level is always the sum of its movements.
   * @throws `entity.not_found`
   */
  adjust(t: Tx, adjustment: StockAdjustment): Promise<StockMovementRow>
}

export const Stock = defineService<StockService>('inventory.stock')

export function createStockService(): StockService {
  return { get, getMany, movements, stats, adjust }
}

/** True for rows whose stock is low; `products` must be joined with `productStock`. */
export function isLowStock(
  eb: ExpressionBuilder<InventoryTables, 'products' | 'productStock'>,
  lowStockAt: number,
): Expression<SqlBool> {
  return eb('productStock.quantity', '<=', eb.fn.coalesce('products.lowStockAt', eb.val(lowStockAt)))
}

async function get(ctx: Ctx, productId: string): Promise<StockedProduct> {
  const product = await ctx.repo(Product).get(productId)
  const [stocked] = await getMany(ctx, [product])
  return stocked as StockedProduct
}

async function getMany(ctx: Ctx<InventoryTables>, products: readonly ProductRow[]): Promise<StockedProduct[]> {
  if (products.length === 0) return []
  const { lowStockAt } = await ctx.settings(InventorySettings)
  const ids = products.map((product) => product.id)
  const levels = await ctx.db
    .selectFrom('productStock')
    .select(['id', 'quantity'])
    .where((eb) => ctx.sql.anyOf(eb.ref('id'), 'uuid', ids))
    .execute()
  const quantities = new Map(levels.map((level) => [level.id, level.quantity]))
  return products.map((product) => {
    const quantity = quantities.get(product.id) ?? 0
    return { ...product, quantity, lowStock: quantity <= (product.lowStockAt ?? lowStockAt) }
  })
}

async function movements(ctx: Ctx<InventoryTables>, productId: string, limit: number): Promise<StockMovementRow[]> {
  const ids = await ctx.db
    .selectFrom('stockMovements')
    .select('id')
    .where('productId', '=', productId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return ctx.repo(StockMovement).getMany(ids.map((row) => row.id))
}

async function stats(ctx: Ctx<InventoryTables>): Promise<InventoryStats> {
  const { lowStockAt } = await ctx.settings(InventorySettings)
  const { currency } = await ctx.settings(TenantSettings)
  const query = ctx.db
    .selectFrom('products')
    .innerJoin('productStock', 'productStock.id', 'products.id')
    .where('products.status', '=', 'active')
    .groupBy('products.priceCurrency')
    .select((eb) => {
      const units = eb.case().when('productStock.quantity', '>', 0).then(eb.ref('productStock.quantity')).else(0).end()
      const value = sql<number>`${units} * ${eb.ref('products.price')}`
      return [
        'products.priceCurrency as currency',
        eb.fn.countAll<number>().as('products'),
        ctx.sql.as(eb.fn.sum<number>(units), 'integer', 'units'),
        ctx.sql.as(eb.fn.sum<number>(value), 'integer', 'value'),
        eb.fn.countAll<number>().filterWhere(isLowStock(eb, lowStockAt)).as('lowStock'),
        eb.fn.countAll<number>().filterWhere('productStock.quantity', '<=', 0).as('outOfStock'),
      ]
    })
  const groups = await ctx.population.run(query)
  const total = { products: 0, units: 0, value: 0, lowStock: 0, outOfStock: 0 }
  for (const group of groups) {
    total.products += group.products
    total.units += group.units
    total.lowStock += group.lowStock
    total.outOfStock += group.outOfStock
    total.value += await convertMoney(ctx, money(group.value, group.currency ?? currency), currency, ctx.now())
  }
  const { value, ...counts } = total
  return { ...counts, valuation: money(value, currency) }
}

async function adjust(t: Tx<InventoryTables>, { productId, delta, ...rest }: StockAdjustment): Promise<StockMovementRow> {
  await t.lock(Product, [productId])
  await t.repo(Product).get(productId)
  const { quantity } = await t.projection('a stock level is the sum of its movements', (db) =>
    db
      .updateTable('productStock')
      .set((eb) => ({ quantity: eb('quantity', '+', delta) }))
      .where('id', '=', productId)
      .returning('quantity')
      .executeTakeFirstOrThrow(),
  )
  return t.repo(StockMovement).insert({ productId, delta, quantityAfter: quantity, ...rest })
}
