import { crudRoutes, route } from '@clientele/core'
import * as z from 'zod'
import { balances } from './balances.ts'
import { Award } from './award.entity.ts'

const balance = z.object({ customerId: z.guid(), email: z.string().nullable(), points: z.int() })

export const awardRoutes = {
  ...crudRoutes(Award, { path: '/api/v1/loyalty-awards', read: 'loyalty:read', write: 'loyalty:write' }),
  balances: route.get({
    path: '/api/v1/loyalty/balances',
    permission: 'loyalty:read',
    summary: 'Who has most points',
    query: z.object({
      customerId: z.guid().optional(),
      limit: z.coerce.number().int().min(1).max(50).default(10),
    }),
    response: z.object({ items: z.array(balance) }),
    handler: async ({ query }, ctx) => ({ items: await balances(ctx, query) }),
  }),
}
