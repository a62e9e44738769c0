import { idParams, route, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { figuresSchema } from '../customer-metrics/customer-figures.ts'
import { Metrics } from '../customer-metrics/customer-metrics.service.ts'
import { daysOf, periodFields } from './period.ts'
import { Reports } from './report.service.ts'

const instant = z.iso.datetime()
const currency = z.string().describe('Amounts are minor units of it')
const span = { from: instant, to: instant.describe('Not included') }
const figure = z.object({
  value: z.number(),
  previous: z.number(),
  change: z.number().nullable().describe('0.25 is a quarter more; null when there was nothing before'),
})

export const reportRoutes = {
  dashboard: route.get({
    path: '/api/v1/metrics/dashboard',
    permission: 'metrics:read',
    summary: 'Sales, orders and customers of a period, beside the one before it',
    query: z.object(periodFields),
    response: z.object({
      ...span,
      currency,
      previous: z.object(span),
      sales: figure.describe('Totals of the paid and fulfilled orders placed in the period'),
      refunds: figure.describe('Given back in the period'),
      orders: figure,
      averageOrderValue: figure,
      activeCustomers: figure.describe('With an order in the period; guests are nobody in particular'),
      newCustomers: figure.describe('Whose first order lies in the period'),
      returningCustomers: figure,
    }),
    handler: ({ query }, ctx) => ctx.get(Reports).dashboard(ctx, query),
  }),
  dailySales: route.get({
    path: '/api/v1/metrics/daily-sales',
    permission: 'metrics:read',
    summary: 'What was sold on each day of a period',
    description: 'At most 92 days up to now, today among them, as days are in the tenant’s time zone.',
    query: z.object({ period: periodFields.period }),
    response: z.object({
      ...span,
      currency,
      days: z.array(
        z.object({
          from: instant.describe('When the day begins'),
          sales: z.int().describe('Totals of the paid and fulfilled orders placed on it'),
          orders: z.int(),
        }),
      ),
    }),
    handler: ({ query }, ctx) => ctx.get(Reports).dailySales(ctx, daysOf(query)),
  }),
  topProducts: route.get({
    path: '/api/v1/metrics/top-products',
    permission: 'metrics:read',
    summary: 'What sold best in a period',
    query: z.object({
      ...periodFields,
      by: z.enum(['revenue', 'quantity']).default('revenue'),
      limit: z.coerce.number().int().min(1).max(100).default(10),
    }),
    response: z.object({
      ...span,
      currency,
      items: z.array(
        z.object({
          productId: uuidSchema,
          sku: z.string(),
          name: z.string(),
          quantity: z.int(),
          revenue: z.int(),
          orders: z.int(),
        }),
      ),
    }),
    handler: ({ query: { by, limit, ...period } }, ctx) =>
      ctx.get(Reports).topProducts(ctx, period, { by, limit }),
  }),
  customerMetrics: route.get({
    path: '/api/v1/metrics/customers/:id/metrics',
    permission: 'metrics:read',
    summary: 'What a customer’s orders add up to',
    params: idParams,
    response: figuresSchema,
    handler: ({ params }, ctx) => ctx.get(Metrics).of(ctx, params.id),
  }),
  productMetrics: route.get({
    path: '/api/v1/metrics/products/:id/metrics',
    permission: 'metrics:read',
    summary: 'What was ever sold of a product',
    params: idParams,
    response: z.object({
      productId: uuidSchema,
      currency,
      quantity: z.int(),
      revenue: z.int(),
      orders: z.int(),
      customers: z.int(),
      firstSoldAt: instant.nullable(),
      lastSoldAt: instant.nullable(),
    }),
    handler: ({ params }, ctx) => ctx.get(Reports).product(ctx, params.id),
  }),
}
