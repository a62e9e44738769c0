import { idParams, reply, route } from '@clientele/core'
import * as z from 'zod'
import { Domains, domainSchema } from './domain.service.ts'

const shown = z.object({
  id: z.string(),
  domain: z.string(),
  verifiedAt: z.string().nullable().describe('Since when requests to it are for this tenant'),
  checkedAt: z.string().nullable().describe('When the DNS was last asked, which is each day'),
  missingSince: z.string().nullable().describe('Since when the record is gone'),
  servedUntil: z
    .string()
    .nullable()
    .describe('When it stops being for this tenant, unless the record is back'),
  createdAt: z.string(),
  record: z
    .object({ name: z.string(), value: z.string() })
    .describe('The TXT record that proves that the domain is yours'),
})

/** Domains of the tenant. */
export const domainRoutes = {
  listDomains: route.get({
    path: '/api/v1/admin/domains',
    permission: 'domains:read',
    summary: 'List the tenant’s domains',
    response: z.object({ domains: z.array(shown) }),
    handler: async (_request, ctx) => ({ domains: await ctx.get(Domains).list(ctx) }),
  }),
  addDomain: route.post({
    path: '/api/v1/admin/domains',
    permission: 'domains:write',
    summary: 'Add a domain; the answer says which TXT record proves it',
    body: z.object({ domain: domainSchema }),
    response: shown,
    status: 201,
    handler: async ({ body }, ctx) => {
      const made = await ctx.tx((t) => t.get(Domains).add(t, body.domain))
      return reply(made, { headers: { location: `/api/v1/admin/domains/${made.id}` } })
    },
  }),
  verifyDomain: route.post({
    path: '/api/v1/admin/domains/:id/verify',
    permission: 'domains:write',
    summary: 'Look at the DNS whether a domain is proved; then requests to it are for this tenant',
    // It asks the DNS.
    idempotency: 'ignored',
    params: idParams,
    response: shown,
    handler: ({ params }, ctx) => ctx.get(Domains).verify(ctx, params.id),
  }),
  removeDomain: route.delete({
    path: '/api/v1/admin/domains/:id',
    permission: 'domains:write',
    summary: 'Remove a domain',
    params: idParams,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(Domains).remove(t, params.id)),
  }),
}
