import {
  crudRoutes,
  csvQuery,
  csvReply,
  idParams,
  listQuery,
  pageOf,
  reply,
  route,
  uuidSchema,
  type Ctx,
  type ListQuery,
} from '@clientele/core'
import * as z from 'zod'
import { newRefund } from '../refund/new-refund.ts'
import { Refund } from '../refund/refund.entity.ts'
import { newOrder } from './new-order.ts'
import { ordersOfEmail } from './order-search.ts'
import { Order, OrderLine } from './order.entity.ts'
import { Orders } from './order.service.ts'

const details = z.object({
  order: Order.row,
  lines: z.array(OrderLine.row),
  refunds: z.array(Refund.row),
  customer: z
    .object({
      id: uuidSchema,
      firstName: z.string().nullable(),
      lastName: z.string().nullable(),
      email: z.string().nullable(),
    })
    .nullable()
    .describe('Null for a guest'),
})

const { startExport } = crudRoutes(Order, {
  path: '/api/v1/orders',
  read: 'orders:read',
  write: 'orders:write',
  only: ['startExport'],
})

export const orderRoutes = {
  list: route.get({
    path: '/api/v1/orders',
    permission: 'orders:read',
    summary: 'Orders: tabs by `state`, search by number or customer’s email with `q`',
    query: listQuery(Order),
    response: pageOf(Order.row),
    handler: async ({ query }, ctx) => ctx.repo(Order).list(await withEmailSearch(ctx, query)),
  }),
  tabs: route.get({
    path: '/api/v1/orders/tabs',
    permission: 'orders:read',
    summary: 'How many orders there are in each state',
    response: z.object({
      all: z.int(),
      pending: z.int(),
      paid: z.int(),
      fulfilled: z.int(),
      cancelled: z.int(),
    }),
    handler: async (_request, ctx) => {
      const counts = await ctx.get(Orders).countByState(ctx)
      return { all: Object.values(counts).reduce((sum, count) => sum + count, 0), ...counts }
    },
  }),
  lookup: route.get({
    path: '/api/v1/orders/lookup',
    permission: 'orders:read',
    summary: 'The order with that number',
    query: z.object({ number: z.string().min(1).max(100) }),
    response: details,
    handler: ({ query }, ctx) => ctx.get(Orders).byNumber(ctx, query.number),
  }),
  exportCsv: route.get({
    path: '/api/v1/orders/export.csv',
    permission: 'orders:read',
    summary: 'Export orders as CSV',
    description:
      'The rows that the list has, of all its pages, in their order. For files that take long start an export.',
    query: csvQuery(Order),
    produces: 'text/csv',
    handler: async ({ query }, ctx) => csvReply(ctx, Order, await withEmailSearch(ctx, query)),
  }),
  startExport,
  get: route.get({
    path: '/api/v1/orders/:id',
    permission: 'orders:read',
    summary: 'An order with its lines, refunds and customer',
    params: idParams,
    response: details,
    handler: ({ params }, ctx) => ctx.get(Orders).get(ctx, params.id),
  }),
  create: route.post({
    path: '/api/v1/orders',
    permission: 'orders:write',
    summary: 'Place an order',
    body: newOrder,
    response: details,
    status: 201,
    async handler({ body }, ctx) {
      const placed = await ctx.tx((t) => t.get(Orders).create(t, body))
      return reply(placed, { headers: { location: `/api/v1/orders/${placed.order.id}` } })
    },
  }),
  pay: route.post({
    path: '/api/v1/orders/:id/pay',
    permission: 'orders:write',
    summary: 'The order has been paid: it counts from here on',
    params: idParams,
    response: Order.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Orders).pay(t, params.id)),
  }),
  fulfil: route.post({
    path: '/api/v1/orders/:id/fulfil',
    permission: 'orders:write',
    summary: 'The order has been handed over',
    params: idParams,
    response: Order.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Orders).fulfil(t, params.id)),
  }),
  cancel: route.post({
    path: '/api/v1/orders/:id/cancel',
    permission: 'orders:write',
    summary: 'Give the order up; what was paid is refunded',
    params: idParams,
    response: Order.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Orders).cancel(t, params.id)),
  }),
  refund: route.post({
    path: '/api/v1/orders/:id/refunds',
    permission: 'orders:write',
    summary: 'Give money back, at most what was paid',
    params: idParams,
    body: newRefund,
    response: Refund.row,
    status: 201,
    handler: ({ params, body }, ctx) => ctx.tx((t) => t.get(Orders).refund(t, params.id, body)),
  }),
}

// An address is looked up among customers; anything else in the order's own searchable columns.
async function withEmailSearch<Q extends ListQuery>(ctx: Ctx, query: Q): Promise<Q> {
  const { q, ...rest } = query
  if (!q?.includes('@')) return query
  return { ...rest, filters: [...rest.filters, await ordersOfEmail(ctx, q)] } as Omit<Q, 'q'> as Q
}
