import { route, uuidSchema } from '@clientele/core'
import * as z from 'zod'
import { CODE_SECONDS } from '../code/code.service.ts'
import { newPasswordSchema } from '../password/password.schema.ts'
import { signedIn, signInReply, wayIn } from '../token/sign-in-reply.ts'
import { Accounts } from './account.service.ts'
import { emailSchema, LOCALES, personNameSchema } from './user.entity.ts'

const tags = ['auth']
const often = { requests: 30, perSeconds: 900, by: 'ip' } as const
const asked = z.object({
  requestId: uuidSchema.describe('Goes with the code: a code answers one request'),
  expiresInSeconds: z.int(),
})
const codeAnswer = {
  requestId: uuidSchema,
  code: z.string().regex(/^\d{6}$/, 'six digits'),
}

/** Signing up, and a forgotten password: for people whom nobody knows yet. */
export const accountRoutes = {
  register: route.post({
    path: '/api/auth/register',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags,
    summary: 'Sign up; a code proves the address',
    description: 'The answer is the same whether the address has an account or not; a mail says which.',
    idempotency: 'ignored',
    rateLimit: often,
    body: z.object({
      email: emailSchema,
      password: newPasswordSchema,
      name: personNameSchema.default(''),
      locale: z.enum(LOCALES).default('en'),
    }),
    response: asked,
    status: 202,
    handler: async ({ body }, ctx) => answer(await ctx.get(Accounts).register(ctx, body)),
  }),
  verify: route.post({
    path: '/api/auth/verify',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags,
    summary: 'Prove the address by the code, and sign in',
    idempotency: 'ignored',
    rateLimit: often,
    body: z.object({ ...codeAnswer, as: wayIn }),
    response: signedIn,
    handler: async (request, ctx) => {
      const { as, ...code } = request.body
      return signInReply(ctx, request, { as, find: () => ctx.get(Accounts).verify(ctx, code) })
    },
  }),
  forgotPassword: route.post({
    path: '/api/auth/forgot-password',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags,
    summary: 'Ask for a code to set a new password',
    description: 'The answer is the same whether the address has an account or not.',
    idempotency: 'ignored',
    rateLimit: often,
    body: z.object({ email: emailSchema }),
    response: asked,
    status: 202,
    handler: async ({ body }, ctx) => answer(await ctx.get(Accounts).forgotPassword(ctx, body.email)),
  }),
  resetPassword: route.post({
    path: '/api/auth/reset-password',
    permission: 'public',
    schemes: [],
    scope: 'instance',
    tags,
    summary: 'Set a new password by the code; everybody is signed out',
    idempotency: 'ignored',
    rateLimit: often,
    body: z.object({ ...codeAnswer, password: newPasswordSchema }),
    handler: async ({ body, headers, ip }, ctx) => {
      const device = { ip, userAgent: headers['user-agent'] ?? '' }
      await ctx.get(Accounts).resetPassword(ctx, { ...body, device })
    },
  }),
}

function answer({ requestId }: { readonly requestId: string }): z.infer<typeof asked> {
  return { requestId, expiresInSeconds: CODE_SECONDS }
}
