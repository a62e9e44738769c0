import { idParams, listQuery, pageOf, route } from '@clientele/core'
import * as z from 'zod'
import { slug } from '../consent/consent.entity.ts'
import { customersErrors } from '../customers.errors.ts'
import { Suppression, suppressionScopes } from './suppression.entity.ts'
import { Suppressions, type Address } from './suppression.service.ts'

// `any`: the row's schema is typed by its output, and a part of it is taken away here.
const shown = (Suppression.row as unknown as z.ZodObject<any>).omit({ hash: true }) as unknown as z.ZodType<
  Omit<z.output<typeof Suppression.row>, 'hash'>
>

const address = z.object({
  email: z.string().max(254).optional(),
  phone: z.string().max(50).optional().describe('With its country: +5511987654321'),
})

/** Addresses and numbers that must not be written to. */
export const suppressionRoutes = {
  listSuppressions: route.get({
    path: '/api/v1/suppressions',
    permission: 'suppressions:read',
    tags: ['suppressions'],
    summary: 'List suppressions; whose they are is not known any more',
    query: listQuery(Suppression),
    response: pageOf(shown),
    handler: ({ query }, ctx) => ctx.repo(Suppression).list(query),
  }),
  addSuppression: route.post({
    path: '/api/v1/suppressions',
    permission: 'suppressions:write',
    tags: ['suppressions'],
    summary: 'Let nobody write to an address or number again',
    body: address.extend({
      scope: z.enum(suppressionScopes).default('marketing'),
      reason: slug.default('manual').describe('unsubscribed, bounce, complaint, manual'),
    }),
    response: shown,
    status: 201,
    handler: ({ body: { scope, reason, ...given } }, ctx) =>
      ctx.tx((t) => t.get(Suppressions).add(t, addressOf(given), { scope, reason })),
  }),
  checkSuppression: route.post({
    path: '/api/v1/suppressions/check',
    permission: 'suppressions:read',
    tags: ['suppressions'],
    summary: 'Whether an address or number is suppressed; its id removes it',
    body: address,
    response: z.object({ suppression: shown.nullable() }),
    idempotency: 'ignored',
    handler: async ({ body }, ctx) => ({
      suppression: await ctx.get(Suppressions).find(ctx, addressOf(body)),
    }),
  }),
  removeSuppression: route.delete({
    path: '/api/v1/suppressions/:id',
    permission: 'suppressions:write',
    tags: ['suppressions'],
    summary: 'Let an address or number be written to again',
    params: idParams,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Suppressions).removeById(t, params.id)),
  }),
}

function addressOf({ email, phone }: z.output<typeof address>): Address {
  if (email !== undefined && phone === undefined) return { email }
  if (phone !== undefined && email === undefined) return { phone }
  throw customersErrors['customers.invalid_address']({})
}
