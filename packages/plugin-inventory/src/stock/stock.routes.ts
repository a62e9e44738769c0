import { listQuery, moneySchema, pageOf, route, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Product } from '../product/product.entity.ts'
import { ProductStock, STOCK_REASONS, StockMovement } from './stock.entity.ts'
import { Stock } from './stock.service.ts'

const params = z.object({ id: uuidSchema.describe('Of the product') })
const stocked = z.object({ product: Product.row, quantity: z.int(), lowStock: z.boolean() })

export const stockRoutes = {
  list: route.get({
    path: '/api/v1/inventory',
    permission: 'inventory:read',
    summary: 'Products with their stock',
    description:
      'Takes the filters of products. Prices are minor units: `price.gte=1000&price.lte=5000` is 10.00 to 50.00.',
    query: listQuery(Product, {
      extensions: [ProductStock],
      extra: z.object({
        lowStock: z
          .union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })])
          .optional()
          .describe('Only products whose stock is low, or only those whose is not'),
      }),
    }),
    response: pageOf(stocked),
    handler: ({ query: { lowStock, ...query } }, ctx) =>
      ctx.get(Stock).list(ctx, query, lowStock === undefined ? {} : { lowStock }),
  }),
  stats: route.get({
    path: '/api/v1/inventory/stats',
    permission: 'inventory:read',
    summary: 'What the stock is worth, and what runs out',
    description: 'Over active products. Oversold products count as none.',
    response: z.object({
      products: z.int(),
      units: z.int(),
      valuation: moneySchema,
      lowStock: z.int(),
      outOfStock: z.int(),
    }),
    handler: (_request, ctx) => ctx.get(Stock).stats(ctx),
  }),
  get: route.get({
    path: '/api/v1/inventory/:id',
    permission: 'inventory:read',
    summary: 'A product with its stock and its latest movements',
    params,
    response: stocked.extend({ movements: z.array(StockMovement.row) }),
    handler: async ({ params }, ctx) => ({
      ...(await ctx.get(Stock).get(ctx, params.id)),
      movements: await ctx.get(Stock).movements(ctx, params.id, 20),
    }),
  }),
  adjust: route.post({
    path: '/api/v1/inventory/:id/adjustments',
    permission: 'inventory:write',
    summary: 'Record that stock came or went',
    params,
    body: z.object({
      delta: z
        .int()
        .min(-1_000_000_000)
        .max(1_000_000_000)
        .refine((delta) => delta !== 0, 'must not be 0')
        .describe('Pieces gained or, below zero, lost'),
      reason: z.enum(STOCK_REASONS),
      note: z.string().max(1000).nullish(),
    }),
    response: StockMovement.row,
    status: 201,
    handler: ({ params, body }, ctx) =>
      ctx.tx((t) =>
        t.get(Stock).adjust(t, {
          productId: params.id,
          delta: body.delta,
          reason: body.reason,
          note: body.note ?? null,
        }),
      ),
  }),
}
