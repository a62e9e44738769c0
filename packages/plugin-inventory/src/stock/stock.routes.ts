import { listQuery, moneySchema, pageOf, route } from '@clientele/core'
import * as z from 'zod'
import { Product } from '../product/product.entity.ts'
import { STOCK_REASONS, StockMovement } from './stock.entity.ts'
import { Stock } from './stock.service.ts'

const params = z.object({ id: z.uuid().describe('Of the product') })

export const stockRoutes = {
  list: route.get({
    path: '/api/v1/inventory',
    permission: 'inventory:read',
    summary: 'Products with their stock',
    description: 'Prices are minor units: `price.gte=1000` is 10.00. Stock is filtered by `stock.quantity.lte=…`.',
    query: listQuery(Product, { extensions: 'registered' }),
    response: pageOf(StockedProduct),
    handler: ({ query }, ctx) => ctx.get(Stock).list(ctx, query),
  }),
}
