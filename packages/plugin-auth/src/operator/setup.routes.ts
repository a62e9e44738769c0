import { route, systemActor, TenantContexts, type Ctx } from '@clientele/core'
import * as z from 'zod'
import { emailSchema, personNameSchema } from '../user/user.entity.ts'
import { Setups } from './setup.service.ts'

/** Making the first operator. */
export const setupRoutes = {
  setUp: route.post({
    path: '/api/v1/operator/setup',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags: ['operator'],
    summary: 'Make the first operator, with the token that the start printed; afterwards this path is gone',
    rateLimit: { by: 'ip', requests: 120, perSeconds: 60 },
    idempotency: 'ignored',
    body: z.object({
      token: z.string().min(1).max(200),
      email: emailSchema,
      password: z.string().min(8).max(256),
      name: personNameSchema.optional(),
    }),
    response: z.object({ userId: z.string() }),
    status: 201,
    handler: ({ body }, ctx) => ctx.get(Setups).run(asSystem(ctx), body),
  }),
}

/** Nobody is known yet, and the installation itself lets the first one in. */
function asSystem(ctx: Ctx): Ctx {
  return ctx.tenantId === '*' ? ctx : ctx.get(TenantContexts).open(ctx, ctx.tenantId, systemActor)
}
