import { Audit, defineService, type AuditNote, type Ctx } from '@clientele/core'
import { authErrors } from '../auth.errors.ts'
import type { AuthConfig } from '../auth.options.ts'
import type { AuthTables } from '../auth.tables.ts'
import { Code } from '../code/code.entity.ts'
import { Codes } from '../code/code.service.ts'
import { mailLater } from '../mail/send-auth-mail.jobs.ts'
import { isExpired } from '../operator/pending.ts'
import { KnownDevices, type DeviceSigns } from '../device/known-devices.service.ts'
import { Passwords } from '../password/password.service.ts'
import { limitCodes, limitCodeTries } from './account-limits.ts'
import { User, type Locale, type UserRow } from './user.entity.ts'
import { Users } from './users.service.ts'

/** What answers every request for a code, whether there is an account or not. */
export interface AskedCode {
  /** To be sent with the code. */
  readonly requestId: string
}

/** A code, with the request that it answers. */
export interface CodeAnswer {
  readonly requestId: string
  readonly code: string
}

/**
 * Signing up, and getting back in. Nothing tells whether an address has an account: the answers are the same, so is the
 * work behind them, and what differs is said in a mail.
 */
export interface AccountsService {
  /** @throws `auth.registration_closed`, `auth.weak_password`, `http.too_many_requests` */
  register(
    ctx: Ctx,
    person: {
      readonly email: string
      readonly password: string
      readonly name?: string
      readonly locale?: Locale
    },
  ): Promise<AskedCode>
  /** The new user, whose address is proved. @throws `auth.wrong_code` */
  verify(ctx: Ctx, answer: CodeAnswer): Promise<UserRow>
  /** @throws `http.too_many_requests` */
  forgotPassword(ctx: Ctx, email: string): Promise<AskedCode>
  /**
   * Sets the password and signs everybody out. Devices are new ones again, but for the one that this is done with.
   * @throws `auth.wrong_code`, `auth.weak_password`
   */
  resetPassword(
    ctx: Ctx,
    answer: CodeAnswer & { readonly password: string; readonly device?: DeviceSigns },
  ): Promise<void>
}

/** The service: `ctx.get(Accounts)`. */
export const Accounts = defineService<AccountsService>('auth.accounts')

export function createAccounts({ registration }: AuthConfig): AccountsService {
  return {
    async register(ctx, { email, password, name = '', locale = 'en' }) {
      if (registration !== 'open') throw authErrors['auth.registration_closed']({})
      ctx.get(Passwords).require(password, email)
      await limitCodes(ctx, 'register', email)
      const passwordHash = await ctx.get(Passwords).hash(ctx, password)
      return ctx.tx(async (t) => {
        const isNew = !(await isProved(t, email))
        const wanted = { purpose: 'register', email, userId: null, name, locale, passwordHash } as const
        const { requestId, code } = await t.get(Codes).open(t, wanted, { real: isNew })
        await mailLater(
          t,
          isNew ? { kind: 'register', to: email, locale, code } : { kind: 'registered', to: email, locale },
        )
        return { requestId }
      })
    },
    async verify(ctx, answer) {
      await limitCodeTries(ctx, answer.requestId)
      const user = await ctx.get(Codes).take(ctx, { ...answer, purpose: 'register' }, async (t, code) => {
        // Somebody else was faster; a code for signing up is no way around their second factor.
        if (await isProved(t, code.email)) throw authErrors['auth.wrong_code']({})
        const passwordHash = await t.repo(Code).reveal(code.id, 'passwordHash')
        return t
          .get(Users)
          .prove(t, { email: code.email, name: code.name, locale: code.locale, passwordHash })
      })
      if (!user) throw authErrors['auth.wrong_code']({})
      return user
    },
    async forgotPassword(ctx, email) {
      await limitCodes(ctx, 'reset', email)
      return ctx.tx(async (t) => {
        const user = await t.get(Users).findByEmail(t, email)
        const wanted = { purpose: 'reset', email, userId: user?.id ?? null } as const
        // Whoever was to be an operator and came too late has no account.
        const isOpen = user !== null && user.active && !isExpired(t, user)
        const { requestId, code } = await t.get(Codes).open(t, wanted, { real: isOpen })
        await mailLater(t, {
          kind: isOpen ? 'reset' : 'nothing',
          to: email,
          locale: user?.locale ?? 'en',
          code,
        })
        return { requestId }
      })
    },
    async resetPassword(ctx, { password, device, ...answer }) {
      await limitCodeTries(ctx, answer.requestId)
      const email = await emailOf(ctx, answer.requestId)
      ctx.get(Passwords).require(password, email)
      // Before the code is looked at: hashing takes longer than a transaction should.
      const passwordHash = await ctx.get(Passwords).hash(ctx, password)
      const done = await ctx.get(Codes).take(ctx, { ...answer, purpose: 'reset' }, async (t, { userId }) => {
        const { id, locale } = await t.get(Users).prove(t, { email, passwordHash })
        // Meanwhile the account has another address.
        if (id !== userId) throw authErrors['auth.wrong_code']({})
        // With the old one somebody else may have made theirs known.
        await t.get(KnownDevices).forgetAll(t, id)
        if (device) await t.get(KnownDevices).meet(t, id, device)
        await t.get(Audit).record(t, { ...about(id), action: 'auth.password-reset' })
        await mailLater(t, { kind: 'password-changed', to: email, locale })
        return true
      })
      if (!done) throw authErrors['auth.wrong_code']({})
    },
  }
}

function about(id: string): Pick<AuditNote, 'entity' | 'rowId' | 'actor'> {
  return { entity: User.name, rowId: id, actor: { kind: 'user', id } }
}

async function isProved(ctx: Ctx, email: string): Promise<boolean> {
  const user = await ctx.get(Users).findByEmail(ctx, email)
  return user !== null && user.verifiedAt !== null
}

async function emailOf(ctx: Ctx<AuthTables>, requestId: string): Promise<string> {
  const row = await ctx.db.selectFrom('codes').select('email').where('id', '=', requestId).executeTakeFirst()
  return row?.email ?? ''
}
