import { idParams, listQuery, pageOf, route, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Merge } from './merge.entity.ts'
import { Merges } from './merge.service.ts'

/** Customers that are one, and two again. */
export const mergeRoutes = {
  listMerges: route.get({
    path: '/api/v1/merges',
    permission: 'customers:read',
    tags: ['customers'],
    summary: 'List merges',
    query: listQuery(Merge),
    response: pageOf(Merge.row),
    handler: ({ query }, ctx) => ctx.repo(Merge).list(query),
  }),
  mergeCustomer: route.post({
    path: '/api/v1/customers/:id/merge',
    permission: 'customers:merge',
    tags: ['customers'],
    summary: 'Let another customer go into this one; it can be undone',
    params: idParams,
    body: z.object({ mergedId: uuidSchema.describe('The customer that goes') }),
    response: Merge.row,
    status: 201,
    handler: ({ params, body }, ctx) =>
      ctx.tx((t) => t.get(Merges).merge(t, params.id, body.mergedId, { cause: 'person' })),
  }),
  undoMerge: route.post({
    path: '/api/v1/merges/:id/undo',
    permission: 'customers:merge',
    tags: ['customers'],
    summary: 'Undo a merge: both customers are there again, each with their rows',
    params: idParams,
    response: Merge.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Merges).undo(t, params.id)),
  }),
}
