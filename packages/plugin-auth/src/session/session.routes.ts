import { idParams, route, timestampSchema, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { sessionOf } from '../token/authenticators.ts'
import { butThisOne, ownAccount } from '../user/own-account.ts'
import { Sessions } from './session.service.ts'

const tags = ['auth']
const mine = { permission: 'authenticated', scope: 'instance', tags, idempotency: 'ignored' } as const

/** A session as people see it. */
const sessionShown = z.object({
  id: uuidSchema,
  kind: z.enum(['bearer', 'cookie']),
  ip: z.string(),
  userAgent: z.string(),
  createdAt: timestampSchema,
  expiresAt: timestampSchema,
})

/** Where people are signed in themselves. */
export const sessionRoutes = {
  listMySessions: route.get({
    path: '/api/auth/me/sessions',
    ...mine,
    summary: 'Where I am signed in',
    response: z.object({
      items: z.array(
        sessionShown.extend({
          isCurrent: z.boolean().describe('The one this request was made in'),
        }),
      ),
    }),
    handler: async ({ headers }, ctx) => {
      const { id: userId } = await ownAccount(ctx)
      const current = await sessionOf(ctx, { headers })
      const sessions = await ctx.get(Sessions).list(ctx, userId)
      return { items: sessions.map((one) => ({ ...one, isCurrent: one.id === current?.id })) }
    },
  }),
  endMySession: route.delete({
    path: '/api/auth/me/sessions/:id',
    ...mine,
    summary: 'Sign out elsewhere',
    params: idParams,
    handler: async ({ params }, ctx) => {
      const { id: userId } = await ownAccount(ctx)
      await ctx.tx((t) => t.get(Sessions).end(t, userId, params.id, 'revoked'))
    },
  }),
  endMyOtherSessions: route.delete({
    path: '/api/auth/me/sessions',
    ...mine,
    summary: 'Sign out everywhere else',
    handler: async ({ headers }, ctx) => {
      const { id } = await ownAccount(ctx)
      const but = await butThisOne(ctx, { headers })
      await ctx.tx((t) => t.get(Sessions).endAll(t, id, but))
    },
  }),
}
