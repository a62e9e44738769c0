import { reply, route } from '@clientele/core'
import * as z from 'zod'
import { passwordSchema } from '../password/password.schema.ts'
import { Sessions } from '../session/session.service.ts'
import { emailSchema } from '../user/user.entity.ts'
import { sessionOf } from './authenticators.ts'
import { setCookie } from './cookie.ts'
import { signedIn, signInReply, wayIn } from './sign-in-reply.ts'
import { SignIn } from './sign-in.service.ts'

const tags = ['auth']

/** Signing in and out. */
export const tokenRoutes = {
  token: route.post({
    path: '/api/auth/token',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags,
    summary: 'Sign in by address and password',
    idempotency: 'ignored',
    rateLimit: { requests: 100, perSeconds: 900, by: 'ip' },
    body: z.object({
      email: emailSchema,
      password: passwordSchema,
      otp: z
        .string()
        .regex(/^\d{6}$/, 'six digits')
        .optional()
        .describe('From the authenticator app, where one is in use'),
      recoveryCode: z.string().max(40).optional().describe('Instead of `otp`'),
      as: wayIn,
    }),
    response: signedIn,
    handler: (request, ctx) => {
      const { as, ...password } = request.body
      return signInReply(ctx, request, {
        as,
        find: () => ctx.get(SignIn).withPassword(ctx, password, request.ip),
      })
    },
  }),
  refresh: route.post({
    path: '/api/auth/refresh',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags,
    summary: 'Take a refresh token for new tokens',
    description:
      'A refresh token works once. Within 10 seconds it gets the same successor again; used later, its session ends.',
    idempotency: 'ignored',
    rateLimit: { requests: 300, perSeconds: 900, by: 'ip' },
    body: z.object({ refreshToken: z.string().max(2000) }),
    response: signedIn,
    handler: async ({ body }, ctx) =>
      reply(await ctx.get(SignIn).refresh(ctx, body.refreshToken), {
        headers: { 'cache-control': 'no-store' },
      }),
  }),
  logout: route.post({
    path: '/api/auth/logout',
    permission: 'authenticated',
    scope: 'instance',
    tags,
    summary: 'Sign out',
    idempotency: 'ignored',
    handler: async ({ headers }, ctx) => {
      const session = await sessionOf(ctx, { headers })
      if (session) await ctx.tx((t) => t.get(Sessions).end(t, session.userId, session.id, 'signed-out'))
      return reply<never>(null, {
        status: 204,
        headers: session?.kind === 'cookie' ? { 'set-cookie': setCookie(ctx) } : {},
      })
    },
  }),
}
