import { idParams, route } from '@clientele/core'
import * as z from 'zod'
import { Memberships } from '../membership/membership.service.ts'
import { sessionShown } from './session.routes.ts'
import { Sessions } from './session.service.ts'

/** Where the users of a tenant are signed in. A session is a person's: ending it ends it in all their tenants. */
export const memberSessionRoutes = {
  listUserSessions: route.get({
    path: '/api/v1/admin/users/:id/sessions',
    permission: 'users:read',
    summary: 'Where a user of the tenant is signed in',
    params: idParams,
    response: z.object({ items: z.array(sessionShown) }),
    handler: async ({ params }, ctx) => {
      const { user } = await ctx.get(Memberships).get(ctx, params.id)
      return { items: [...(await ctx.get(Sessions).list(ctx, user.id))] }
    },
  }),
  endUserSessions: route.delete({
    path: '/api/v1/admin/users/:id/sessions',
    permission: 'users:write',
    summary: 'Sign a user of the tenant out everywhere',
    params: idParams,
    handler: ({ params }, ctx) =>
      ctx.tx(async (t) => {
        const { user } = await t.get(Memberships).get(t, params.id)
        await t.get(Sessions).endAll(t, user.id)
      }),
  }),
}
