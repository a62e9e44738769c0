import {
  convertMoney,
  defineService,
  money,
  TenantSettings,
  type Ctx,
  type ListQuery,
  type Money,
  type Page,
  type Tx,
} from '@clientele/core'
import { sql, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from 'kysely'
import { InventorySettings } from '../inventory.settings.ts'
import type { InventoryTables } from '../inventory.tables.ts'
import { Product, type ProductRow } from '../product/product.entity.ts'
import { ProductStock, StockMovement, type StockMovementRow, type StockReason } from './stock.entity.ts'
import { importMovements, type MovementBatch } from './stock-import.ts'

/** A product with its stock. */
export interface StockedProduct {
  readonly product: ProductRow
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

/** Stock that came or went. */
export interface StockAdjustment {
  readonly productId: string
  /** Pieces gained or, below zero, lost. */
  readonly delta: number
  readonly reason: StockReason
  readonly note?: string | null
}

/** Stock for other plugins and for the host. */
export interface StockService {
  /** @throws `entity.not_found` */
  get(ctx: Ctx, productId: string): Promise<StockedProduct>
  /** One page of products with their stock, by the list protocol over products. */
  list(ctx: Ctx, query: ListQuery, only?: { readonly lowStock?: boolean }): Promise<Page<StockedProduct>>
  /** The latest movements of a product, newest first. */
  movements(ctx: Ctx, productId: string, limit: number): Promise<StockMovementRow[]>
  stats(ctx: Ctx): Promise<InventoryStats>
  /**
   * Records a movement and moves the level with it, in one transaction. Two adjustments of a product wait for each
   * other, so the level is always the sum of its movements.
   * @throws `entity.not_found`
   */
  adjust(t: Tx, adjustment: StockAdjustment): Promise<StockMovementRow>
  /**
   * Carries over movements of another system, set-wise: some thousand per call. A movement given again changes
   * nothing. Answers how many are new.
   * @throws `entity.reference` for an unknown product
   */
  importMany(t: Tx, batch: MovementBatch): Promise<number>
}

/** The service: `ctx.get(Stock)`. */
export const Stock = defineService<StockService>('inventory.stock')

export function createStockService(): StockService {
  return { get, list, movements, stats, adjust, importMany: importMovements }
}

/** True for rows whose stock is low; `products` must be joined with `productStock`. */
function isLowStock(
  eb: ExpressionBuilder<InventoryTables, 'products' | 'productStock'>,
  lowStockAt: number,
): ExpressionWrapper<InventoryTables, 'products' | 'productStock', SqlBool> {
  return eb('productStock.quantity', '<=', eb.fn.coalesce('products.lowStockAt', eb.val(lowStockAt)))
}

async function get(ctx: Ctx, productId: string): Promise<StockedProduct> {
  const product = await ctx.repo(Product).get(productId)
  const { lowStockAt } = await ctx.settings(InventorySettings)
  return stocked(product, await ctx.repo(ProductStock).get(productId), lowStockAt)
}

async function list(
  ctx: Ctx<InventoryTables>,
  query: ListQuery,
  { lowStock }: { readonly lowStock?: boolean } = {},
): Promise<Page<StockedProduct>> {
  const { lowStockAt } = await ctx.settings(InventorySettings)
  const where: ListQuery['where'] = (eb) =>
    lowStock ? isLowStock(eb, lowStockAt) : eb.not(isLowStock(eb, lowStockAt))
  const page = await ctx.repo(Product).list({
    ...query,
    include: [ProductStock],
    ...(lowStock === undefined ? {} : { where }),
  })
  const items = page.items.map((item) => {
    const { stock, ...product } = item as ProductRow & { readonly stock: { readonly quantity: number } }
    return stocked(product, stock, lowStockAt)
  })
  return { ...page, items }
}

function stocked(
  product: ProductRow,
  { quantity }: { readonly quantity: number },
  lowStockAt: number,
): StockedProduct {
  return { product, quantity, lowStock: quantity <= (product.lowStockAt ?? lowStockAt) }
}

async function movements(
  ctx: Ctx<InventoryTables>,
  productId: string,
  limit: number,
): Promise<StockMovementRow[]> {
  const ids = await ctx.db
    .selectFrom('stockMovements')
    .select('id')
    .where('productId', '=', productId)
    .orderBy('movedAt', 'desc')
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
      const units = eb
        .case()
        .when('productStock.quantity', '>', 0)
        .then(eb.ref('productStock.quantity'))
        .else(0)
        .end()
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
    total.value += await convertMoney(
      ctx,
      money(group.value, group.currency ?? currency),
      currency,
      ctx.now(),
    )
  }
  const { value, ...counts } = total
  return { ...counts, valuation: money(value, currency) }
}

async function adjust(
  t: Tx<InventoryTables>,
  { productId, delta, ...rest }: StockAdjustment,
): Promise<StockMovementRow> {
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
  return t
    .repo(StockMovement)
    .insert({ productId, delta, quantityAfter: quantity, movedAt: t.now(), ...rest })
}
