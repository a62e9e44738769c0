import { reply, route, TenantContexts, TenantDirectory, type Ctx } from '@clientele/core'
import * as z from 'zod'
import { AuthConfigured } from '../auth.config.ts'
import { Setups } from '../operator/setup.service.ts'
import { brandOf } from './brand.ts'

/** What a sign-in page shows before anybody is known. */
export const brandRoutes = {
  brand: route.get({
    path: '/api/auth/brand',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags: ['auth'],
    summary: 'Name, logo and colours of whom this host name is for, and whether strangers may sign up',
    description:
      'Nobody needs to be signed in. Where the host name is no tenant’s, it is the installation’s.',
    rateLimit: { requests: 600, perSeconds: 60, by: 'ip' },
    response: z.object({
      name: z.string(),
      logoUrl: z.string().nullable().describe('An https address, or a small picture itself as a data URL'),
      color: z.string().describe('The accent on light backgrounds: #3355dd'),
      darkColor: z.string().describe('The accent on dark ones'),
      registration: z.enum(['open', 'invite']),
      needsOperator: z
        .boolean()
        .describe('Nobody runs the installation yet: the setup token makes the first'),
    }),
    handler: async ({ headers }, ctx) => {
      const brand = await brandOf(await atHost(ctx, headers['host']))
      const { registration } = ctx.get(AuthConfigured)
      const needsOperator = !(await ctx.get(Setups).isDone(ctx))
      return reply(
        { ...brand, registration, needsOperator },
        { headers: { 'cache-control': 'no-cache', vary: 'host' } },
      )
    },
  }),
}

/** The tenant of the host name, or the context itself. */
async function atHost(ctx: Ctx, host: string | undefined): Promise<Ctx> {
  if (ctx.tenantId !== '*' || host === undefined) return ctx
  const tenantId = await ctx.get(TenantDirectory).atHost?.(ctx, host)
  return tenantId ? ctx.get(TenantContexts).open(ctx, tenantId) : ctx
}
