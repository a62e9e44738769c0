import { Audit, defineService, isClienteleError, type Ctx } from '@clientele/core'
import { authErrors } from '../auth.errors.ts'
import { Codes } from '../code/code.service.ts'
import { mailLater } from '../mail/send-auth-mail.jobs.ts'
import { Passwords } from '../password/password.service.ts'
import { Sessions } from '../session/session.service.ts'
import { limitCodes, limitCodeTries } from './account-limits.ts'
import type { AskedCode, CodeAnswer } from './account.service.ts'
import { User, type UserChanges, type UserRow } from './user.entity.ts'
import { Users } from './users.service.ts'

/** What people say of themselves. */
export type OwnChanges = Pick<UserChanges, 'name' | 'locale' | 'newDeviceMails'>

/** What people change about their own account, once they have shown that it is theirs. */
export interface MyAccountService {
  /** The address is told when mails about new devices are turned off. */
  update(ctx: Ctx, user: UserRow, changes: OwnChanges): Promise<UserRow>
  /** Ends all other sessions and tells the address. @throws `auth.weak_password` */
  changePassword(
    ctx: Ctx,
    user: UserRow,
    options: { readonly password: string; readonly but?: string },
  ): Promise<void>
  /** Sends a code to the new address; until it is proved nothing changes. @throws `http.too_many_requests` */
  askEmail(ctx: Ctx, user: UserRow, email: string): Promise<AskedCode>
  /** Changes the address and tells the old one. @throws `auth.wrong_code`, `auth.email_taken` */
  confirmEmail(ctx: Ctx, user: UserRow, answer: CodeAnswer): Promise<UserRow>
}

export const MyAccount = defineService<MyAccountService>('auth.my-account')

export function createMyAccount(): MyAccountService {
  return {
    update: (ctx, { id, newDeviceMails }, changes) =>
      ctx.tx(async (t) => {
        const user = await t.repo(User).patch(id, changes)
        const { email: to, locale } = user
        if (newDeviceMails && !user.newDeviceMails)
          await mailLater(t, { kind: 'new-device-mails-off', to, locale })
        return user
      }),
    async changePassword(ctx, { id, email, locale }, { password, ...session }) {
      ctx.get(Passwords).require(password, email)
      const passwordHash = await ctx.get(Passwords).hash(ctx, password)
      await ctx.tx(async (t) => {
        await t.repo(User).patch(id, { passwordHash })
        await t.get(Sessions).endAll(t, id, session)
        await t.get(Audit).record(t, { action: 'auth.password-changed', entity: User.name, rowId: id })
        await mailLater(t, { kind: 'password-changed', to: email, locale })
      })
    },
    async askEmail(ctx, { id: userId, locale }, email) {
      await limitCodes(ctx, 'email', email)
      return ctx.tx(async (t) => {
        const isFree = (await t.get(Users).findByEmail(t, email)) === null
        const { requestId, code } = await t
          .get(Codes)
          .open(t, { purpose: 'email', email, userId }, { real: isFree })
        await mailLater(
          t,
          isFree ? { kind: 'email', to: email, locale, code } : { kind: 'registered', to: email, locale },
        )
        return { requestId }
      })
    },
    async confirmEmail(ctx, { id, email: old, locale }, answer) {
      await limitCodeTries(ctx, answer.requestId)
      const attempt = { ...answer, purpose: 'email', userId: id } as const
      const changed = await ctx
        .get(Codes)
        .take(ctx, attempt, async (t, { email }) => {
          await mailLater(t, { kind: 'email-changed', to: old, locale, email })
          return t.repo(User).patch(id, { email, verifiedAt: t.now() })
        })
        .catch((error: unknown) => {
          const isTaken = isClienteleError(error) && error.code === 'entity.conflict'
          throw isTaken ? authErrors['auth.email_taken']({}) : error
        })
      if (!changed) throw authErrors['auth.wrong_code']({})
      return changed
    },
  }
}
