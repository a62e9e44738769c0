import type { Ctx } from '@clientele/core'
import type { CustomerDetailsSection } from '@clientele/plugin-customers'
import * as z from 'zod'
import { figuresSchema } from '../customer-metrics/customer-figures.ts'
import { Metrics } from '../customer-metrics/customer-metrics.service.ts'
import type { CommerceTables } from '../orders.tables.ts'
import { Order, type OrderRow } from './order.entity.ts'

const LATEST = 5

/** What a customer's details say about their orders. */
export const customerOrders = {
  key: 'orders',
  schema: z.object({ metrics: figuresSchema, latest: z.array(Order.row) }),
  load: async (ctx: Ctx, customerId: string) => ({
    metrics: await ctx.get(Metrics).of(ctx, customerId),
    latest: await latestOrders(ctx, customerId),
  }),
} satisfies CustomerDetailsSection

async function latestOrders(ctx: Ctx<CommerceTables>, customerId: string): Promise<OrderRow[]> {
  const rows = await ctx.db
    .selectFrom('orders')
    .select('id')
    .where('customerId', '=', customerId)
    .orderBy('placedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(LATEST)
    .execute()
  return ctx.repo(Order).getMany(rows.map((row) => row.id))
}
