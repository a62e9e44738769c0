import { idParams, route, timestampSchema, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { Sessions } from '../session/session.service.ts'
import { mustHold, Roles } from '../role/role.service.ts'
import { TenantMembers } from './member.service.ts'

/** Where the users of a tenant are signed in: people, so it is the same in every tenant they work in. */
export const memberSessionRoutes = {
  listUserSessions: route.get({
    path: '/api/v1/admin/users/:id/sessions',
    permission: 'users:read',
    summary: 'Where a user is signed in',
    params: idParams,
    response: z.object({
      items: z.array(
        z.object({
          id: uuidSchema,
          kind: z.enum(['bearer', 'cookie']),
          userAgent: z.string(),
          createdAt: timestampSchema,
          expiresAt: timestampSchema,
        }),
      ),
    }),
    handler: async ({ params: { id } }, ctx) => {
      await ctx.get(TenantMembers).get(ctx, id)
      return { items: await ctx.get(Sessions).list(ctx, id) }
    },
  }),
  endUserSessions: route.delete({
    path: '/api/v1/admin/users/:id/sessions',
    permission: 'users:write',
    summary: 'Sign a user out everywhere',
    params: idParams,
    handler: ({ params: { id } }, ctx) =>
      ctx.tx(async (t) => {
        const { member } = await t.get(TenantMembers).get(t, id)
        // Who holds more than oneself is not signed out, as they are not switched off.
        mustHold(t, (await t.get(Roles).permissionsOf(t, member.role)) ?? [])
        await t.get(Sessions).endAll(t, id)
      }),
  }),
}
