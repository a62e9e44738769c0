import { coreErrors, defineService, TenantSettings, type Ctx, type Timestamp } from '@clientele/core'
import { Product } from '@clientele/plugin-inventory'
import { COUNTED_STATES } from '../order/order-state.ts'
import type { CommerceTables } from '../orders.tables.ts'
import { dailySales, type DailySales } from './daily-sales.ts'
import { periodOf, type PeriodInput, type Span } from './period.ts'

/** A figure beside the one of the period before. */
export interface Figure {
  readonly value: number
  readonly previous: number
  /** 0.25 is a quarter more; null when there was nothing before. */
  readonly change: number | null
}

/** Live figures of a period. Only paid and fulfilled orders count; amounts are minor units of `currency`. */
export interface Dashboard extends Span {
  readonly currency: string
  readonly previous: Span
  /** Totals of the orders placed in the period. */
  readonly sales: Figure
  /** Given back in the period, for orders of any time. */
  readonly refunds: Figure
  readonly orders: Figure
  readonly averageOrderValue: Figure
  /** Customers with an order in the period; guests are nobody in particular. */
  readonly activeCustomers: Figure
  /** Active customers whose first order lies in the period. */
  readonly newCustomers: Figure
  /** Active customers who had ordered before. */
  readonly returningCustomers: Figure
}

/** What was sold of one product in a period. */
export interface ProductSales {
  readonly productId: string
  readonly sku: string
  readonly name: string
  readonly quantity: number
  /** Minor units of the reporting currency. */
  readonly revenue: number
  readonly orders: number
}

/** What sold best in a period, the best first. */
export interface TopProducts extends Span {
  readonly currency: string
  readonly items: readonly ProductSales[]
}

/** What was ever sold of one product. */
export interface ProductFigures {
  readonly productId: string
  readonly currency: string
  readonly quantity: number
  readonly revenue: number
  readonly orders: number
  readonly customers: number
  readonly firstSoldAt: Timestamp | null
  readonly lastSoldAt: Timestamp | null
}

/** Figures over all orders, read on the population lane. */
export interface ReportsService {
  dashboard(ctx: Ctx, period: PeriodInput): Promise<Dashboard>
  /** @param days up to now, today among them: at most 92. @throws `http.invalid_request` for more */
  dailySales(ctx: Ctx, days: number): Promise<DailySales>
  topProducts(
    ctx: Ctx,
    period: PeriodInput,
    options: { readonly by: 'revenue' | 'quantity'; readonly limit: number },
  ): Promise<TopProducts>
  /** @throws `entity.not_found` */
  product(ctx: Ctx, productId: string): Promise<ProductFigures>
}

/** The service: `ctx.get(Reports)`. */
export const Reports = defineService<ReportsService>('orders.reports')

export function createReportsService(): ReportsService {
  return { dashboard, dailySales, topProducts, product }
}

async function dashboard(ctx: Ctx, input: PeriodInput): Promise<Dashboard> {
  const { currency, timeZone } = await ctx.settings(TenantSettings)
  const { from, to, previous } = forwards(periodOf(input, ctx.now(), timeZone))
  const now = await figuresOf(ctx, { from, to })
  const before = await figuresOf(ctx, previous)
  const figure = (key: keyof Figures): Figure => compare(now[key], before[key])
  return {
    currency,
    from,
    to,
    previous,
    sales: figure('sales'),
    refunds: figure('refunds'),
    orders: figure('orders'),
    averageOrderValue: figure('averageOrderValue'),
    activeCustomers: figure('activeCustomers'),
    newCustomers: figure('newCustomers'),
    returningCustomers: figure('returningCustomers'),
  }
}

type Figures = Readonly<
  Record<
    | 'sales'
    | 'refunds'
    | 'orders'
    | 'averageOrderValue'
    | 'activeCustomers'
    | 'newCustomers'
    | 'returningCustomers',
    number
  >
>

async function figuresOf(ctx: Ctx<CommerceTables>, { from, to }: Span): Promise<Figures> {
  const sold = ctx.db
    .selectFrom('orders')
    .leftJoin('customerMetrics', 'customerMetrics.id', 'orders.customerId')
    .where('orders.state', 'in', COUNTED_STATES)
    .where('orders.placedAt', '>=', from)
    .where('orders.placedAt', '<', to)
    .select((eb) => [
      eb.fn.countAll<number>().as('orders'),
      ctx.sql.as(eb.fn.sum<number | null>('orders.baseTotal'), 'integer', 'sales'),
      eb.fn.count<number>('orders.customerId').distinct().as('active'),
      eb.fn
        .count<number>('orders.customerId')
        .distinct()
        .filterWhere('customerMetrics.firstOrderAt', '>=', from)
        .as('fresh'),
    ])
  const returned = ctx.db
    .selectFrom('refunds')
    .leftJoin('orders', 'orders.id', 'refunds.orderId')
    .where('refunds.refundedAt', '>=', from)
    .where('refunds.refundedAt', '<', to)
    .where((eb) => eb.or([eb('refunds.orderId', 'is', null), eb('orders.state', 'in', COUNTED_STATES)]))
    .select((eb) => ctx.sql.as(eb.fn.sum<number | null>('refunds.baseAmount'), 'integer', 'amount'))
  const [row] = await ctx.population.run(sold)
  const [refund] = await ctx.population.run(returned)
  const { orders, sales, active, fresh } = row ?? { orders: 0, sales: 0, active: 0, fresh: 0 }
  return {
    sales: sales ?? 0,
    refunds: refund?.amount ?? 0,
    orders,
    averageOrderValue: orders === 0 ? 0 : Math.round((sales ?? 0) / orders),
    activeCustomers: active,
    newCustomers: fresh,
    returningCustomers: active - fresh,
  }
}

function compare(value: number, previous: number): Figure {
  return { value, previous, change: previous === 0 ? null : (value - previous) / previous }
}

async function topProducts(
  ctx: Ctx<CommerceTables>,
  input: PeriodInput,
  { by, limit }: { readonly by: 'revenue' | 'quantity'; readonly limit: number },
): Promise<TopProducts> {
  const { currency, timeZone } = await ctx.settings(TenantSettings)
  const { from, to } = forwards(periodOf(input, ctx.now(), timeZone))
  const query = ctx.db
    .selectFrom('orders')
    .innerJoin('orderLines', 'orderLines.orderId', 'orders.id')
    .where('orders.state', 'in', COUNTED_STATES)
    .where('orders.placedAt', '>=', from)
    .where('orders.placedAt', '<', to)
    .where('orderLines.productId', 'is not', null)
    .groupBy('orderLines.productId')
    .select((eb) => [
      'orderLines.productId',
      eb.fn.max('orderLines.sku').as('sku'),
      eb.fn.max('orderLines.name').as('name'),
      ctx.sql.as(eb.fn.sum<number>('orderLines.quantity'), 'integer', 'quantity'),
      ctx.sql.as(eb.fn.sum<number>('orderLines.baseTotal'), 'integer', 'revenue'),
      eb.fn.count<number>('orderLines.orderId').distinct().as('orders'),
    ])
    .orderBy((eb) => eb.fn.sum(by === 'revenue' ? 'orderLines.baseTotal' : 'orderLines.quantity'), 'desc')
    .orderBy('orderLines.productId')
    .limit(limit)
  const rows = await ctx.population.run(query)
  return { currency, from, to, items: rows.map((row) => ({ ...row, productId: row.productId as string })) }
}

async function product(ctx: Ctx<CommerceTables>, productId: string): Promise<ProductFigures> {
  await ctx.repo(Product).get(productId)
  const { currency } = await ctx.settings(TenantSettings)
  const query = ctx.db
    .selectFrom('orderLines')
    .innerJoin('orders', 'orders.id', 'orderLines.orderId')
    .where('orderLines.productId', '=', productId)
    .where('orders.state', 'in', COUNTED_STATES)
    .select((eb) => [
      ctx.sql.as(eb.fn.sum<number | null>('orderLines.quantity'), 'integer', 'quantity'),
      ctx.sql.as(eb.fn.sum<number | null>('orderLines.baseTotal'), 'integer', 'revenue'),
      eb.fn.count<number>('orderLines.orderId').distinct().as('orders'),
      eb.fn.count<number>('orders.customerId').distinct().as('customers'),
      ctx.sql.as(eb.fn.min<Timestamp | null>('orders.placedAt'), 'timestamp', 'firstSoldAt'),
      ctx.sql.as(eb.fn.max<Timestamp | null>('orders.placedAt'), 'timestamp', 'lastSoldAt'),
    ])
  const [row] = await ctx.population.run(query)
  const { quantity, revenue, orders = 0, customers = 0, firstSoldAt = null, lastSoldAt = null } = row ?? {}
  return {
    productId,
    currency,
    quantity: quantity ?? 0,
    revenue: revenue ?? 0,
    orders,
    customers,
    firstSoldAt,
    lastSoldAt,
  }
}

function forwards<S extends Span>(span: S): S {
  if (span.from < span.to) return span
  const issues = [{ path: 'from', message: `must lie before to (${span.to})` }]
  throw coreErrors['http.invalid_request']({ part: 'query', issues })
}
