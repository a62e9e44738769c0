import { route, timestampSchema, uuidSchema, type Ctx } from '@clientele/core'
import * as z from 'zod'
import { Access } from '../access/access.service.ts'
import { CODE_SECONDS } from '../code/code.service.ts'
import { newPasswordSchema, passwordSchema } from '../password/password.schema.ts'
import { MyAccount } from './me.service.ts'
import { butThisOne, ownAccount, ownAccountByPassword } from './own-account.ts'
import { emailSchema, LOCALES, personNameSchema, type UserRow } from './user.entity.ts'

const tags = ['auth']
const mine = { permission: 'authenticated', scope: 'instance', tags, idempotency: 'ignored' } as const
const me = z.object({
  id: uuidSchema,
  email: z.string(),
  name: z.string(),
  locale: z.enum(LOCALES),
  isOperator: z.boolean(),
  newDeviceMails: z.boolean().describe('Whether a mail tells of a sign-in with a new device'),
  hasSecondFactor: z.boolean().describe('Signing in asks for a code of an authenticator app'),
  lastSignInAt: timestampSchema.nullable(),
  tenants: z.array(z.string()).describe('Where this person has a role; `*`: everywhere'),
})

/** What people see and change of their own account. */
export const meRoutes = {
  me: route.get({
    path: '/api/auth/me',
    ...mine,
    summary: 'Who is signed in',
    response: me,
    handler: async (_, ctx) => shown(ctx, await ownAccount(ctx)),
  }),
  updateMe: route.patch({
    path: '/api/auth/me',
    ...mine,
    summary: 'Change the own name or language, and whether new devices are told of',
    body: z.object({
      name: personNameSchema.optional(),
      locale: z.enum(LOCALES).optional(),
      newDeviceMails: z.boolean().optional(),
    }),
    response: me,
    handler: async ({ body }, ctx) => {
      const user = await ownAccount(ctx)
      return shown(ctx, await ctx.get(MyAccount).update(ctx, user, body))
    },
  }),
  changePassword: route.post({
    path: '/api/auth/me/password',
    ...mine,
    summary: 'Change the own password; all other sessions end',
    body: z.object({ currentPassword: passwordSchema, newPassword: newPasswordSchema }),
    handler: async ({ body, headers, ip }, ctx) => {
      const user = await ownAccountByPassword(ctx, { password: body.currentPassword, ip })
      const but = await butThisOne(ctx, { headers })
      await ctx.get(MyAccount).changePassword(ctx, user, { password: body.newPassword, ...but })
    },
  }),
  askEmail: route.post({
    path: '/api/auth/me/email',
    ...mine,
    summary: 'Ask for another address; a code goes to it',
    body: z.object({ email: emailSchema, password: passwordSchema }),
    response: z.object({ requestId: uuidSchema, expiresInSeconds: z.int() }),
    status: 202,
    handler: async ({ body, ip }, ctx) => {
      const user = await ownAccountByPassword(ctx, { password: body.password, ip })
      const { requestId } = await ctx.get(MyAccount).askEmail(ctx, user, body.email)
      return { requestId, expiresInSeconds: CODE_SECONDS }
    },
  }),
  confirmEmail: route.post({
    path: '/api/auth/me/email/confirm',
    ...mine,
    summary: 'Change the address, proved by the code',
    body: z.object({ requestId: uuidSchema, code: z.string().regex(/^\d{6}$/, 'six digits') }),
    response: me,
    handler: async ({ body }, ctx) =>
      shown(ctx, await ctx.get(MyAccount).confirmEmail(ctx, await ownAccount(ctx), body)),
  }),
}

async function shown(ctx: Ctx, user: UserRow): Promise<z.infer<typeof me>> {
  const { id, email, name, locale, isOperator, newDeviceMails, lastSignInAt, totpConfirmedAt } = user
  const tenants = [...(await ctx.get(Access).tenantsOf(ctx, id))]
  return {
    id,
    email,
    name,
    locale,
    isOperator,
    newDeviceMails,
    lastSignInAt,
    tenants,
    hasSecondFactor: totpConfirmedAt !== null,
  }
}
