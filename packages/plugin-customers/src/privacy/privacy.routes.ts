import { idParams, listQuery, pageOf, reply, route, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { slug } from '../consent/consent.entity.ts'
import { erasedCount, Erasure } from './erasure.entity.ts'
import { Privacy } from './privacy.service.ts'

/** What a person may ask for. */
export const privacyRoutes = {
  exportCustomer: route.get({
    path: '/api/v1/customers/:id/export',
    permission: 'customers:export',
    tags: ['privacy'],
    summary: 'Everything that is kept about a person, as a JSON file',
    params: idParams,
    produces: 'application/json',
    async handler({ params }, ctx) {
      const content = await ctx.get(Privacy).exportCustomer(ctx, params.id)
      return reply<never>(content, {
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-disposition': `attachment; filename="customer-${params.id}.json"`,
          'x-content-type-options': 'nosniff',
          'cache-control': 'no-store',
        },
      })
    },
  }),
  eraseCustomer: route.post({
    path: '/api/v1/customers/:id/erase',
    permission: 'customers:erase',
    tags: ['privacy'],
    summary: 'Erase a person for good, in every plugin',
    params: idParams,
    body: z.object({
      reason: slug.default('request').describe('Kept: it must not tell who it was'),
      suppress: z.boolean().default(true).describe('Keep hashes of their addresses, against marketing'),
    }),
    response: z.object({ customerIds: z.array(z.string()), counts: z.array(erasedCount) }),
    handler: ({ params, body }, ctx) => ctx.tx((t) => t.get(Privacy).eraseCustomer(t, params.id, body)),
  }),
  listErasures: route.get({
    path: '/api/v1/erasures',
    permission: 'customers:erase',
    tags: ['privacy'],
    summary: 'List erasures; keep the list outside of the database, for restored backups',
    query: listQuery(Erasure),
    response: pageOf(Erasure.row),
    handler: ({ query }, ctx) => ctx.repo(Erasure).list(query),
  }),
  replayErasures: route.post({
    path: '/api/v1/erasures/replay',
    permission: 'customers:erase',
    tags: ['privacy'],
    summary: 'Erase again who came back with a restored backup',
    body: z.object({
      customerIds: z
        .array(uuidSchema)
        .max(1000)
        .optional()
        .describe('From the list of erasures that was kept; those this database knows when left out'),
    }),
    response: z.object({ erased: z.number().int() }),
    idempotency: 'ignored',
    async handler({ body: { customerIds } }, ctx) {
      const erasures = customerIds?.map((customerId) => ({ customerId }))
      return { erased: await ctx.get(Privacy).replayErasures(ctx, erasures) }
    },
  }),
}
