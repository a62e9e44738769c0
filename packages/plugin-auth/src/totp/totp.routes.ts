import { reply, route, type Tx } from '@clientele/core'
import * as z from 'zod'
import { mailLater } from '../mail/send-auth-mail.jobs.ts'
import type { MailKind } from '../mail/words.ts'
import { passwordSchema } from '../password/password.schema.ts'
import { limitSecondFactors } from '../user/account-limits.ts'
import { ownAccount, ownAccountByPassword } from '../user/own-account.ts'
import type { UserRow } from '../user/user.entity.ts'
import { Totp } from './totp.service.ts'

const tags = ['auth']
const mine = { permission: 'authenticated', scope: 'instance', tags, idempotency: 'ignored' } as const
const byPassword = z.object({ password: passwordSchema })
const recoveryCodes = z.object({
  recoveryCodes: z
    .array(z.string())
    .describe('Each works once instead of the app; they are never shown again'),
})

/** An authenticator app as a second factor. */
export const totpRoutes = {
  enrolTotp: route.post({
    path: '/api/auth/me/totp',
    ...mine,
    summary: 'Add an authenticator app; it counts once a code of it was seen',
    body: byPassword,
    response: z.object({
      secret: z.string().describe('For typing in'),
      uri: z.string().describe('For a QR code'),
    }),
    handler: async ({ body, ip }, ctx) => {
      const { id } = await ownAccountByPassword(ctx, { ...body, ip })
      return reply(await ctx.tx((t) => t.get(Totp).enrol(t, id)), {
        headers: { 'cache-control': 'no-store' },
      })
    },
  }),
  confirmTotp: route.post({
    path: '/api/auth/me/totp/confirm',
    ...mine,
    summary: 'Turn it on by its first code; answers the recovery codes',
    body: z.object({ otp: z.string().regex(/^\d{6}$/, 'six digits') }),
    response: recoveryCodes,
    handler: async ({ body }, ctx) => {
      const user = await ownAccount(ctx)
      await limitSecondFactors(ctx, user.id)
      const codes = await ctx.tx(async (t) => {
        await tell(t, user, 'totp-added')
        return t.get(Totp).confirm(t, user.id, body.otp)
      })
      return { recoveryCodes: [...codes] }
    },
  }),
  renewRecoveryCodes: route.post({
    path: '/api/auth/me/totp/recovery-codes',
    ...mine,
    summary: 'Ten other recovery codes; the old ones are dead',
    body: byPassword,
    response: recoveryCodes,
    handler: async ({ body, ip }, ctx) => {
      const user = await ownAccountByPassword(ctx, { ...body, ip })
      const codes = await ctx.tx(async (t) => {
        await tell(t, user, 'recovery-codes-renewed')
        return t.get(Totp).renewRecoveryCodes(t, user.id)
      })
      return { recoveryCodes: [...codes] }
    },
  }),
  removeTotp: route.post({
    path: '/api/auth/me/totp/remove',
    ...mine,
    summary: 'Remove the authenticator app',
    body: byPassword,
    handler: async ({ body, ip }, ctx) => {
      const user = await ownAccountByPassword(ctx, { ...body, ip })
      await ctx.tx(async (t) => {
        if (user.totpConfirmedAt !== null) await tell(t, user, 'totp-removed')
        await t.get(Totp).remove(t, user.id)
      })
    },
  }),
}

/** A way in that was added or taken away is told to the address: it may have been somebody else. */
async function tell(t: Tx, { email: to, locale }: UserRow, kind: MailKind): Promise<void> {
  await mailLater(t, { kind, to, locale })
}
