import { Audit, defineService, type Ctx, type Tx } from '@clientele/core'
import { authErrors } from '../auth.errors.ts'
import type { AuthConfig } from '../auth.options.ts'
import type { AuthTables } from '../auth.tables.ts'
import { KnownDevices } from '../device/known-devices.service.ts'
import { mailLater } from '../mail/send-auth-mail.jobs.ts'
import { Passwords } from '../password/password.service.ts'
import { Sessions, type Device, type HeldSession } from '../session/session.service.ts'
import { Totp, type SecondFactor } from '../totp/totp.service.ts'
import { limitPasswords, limitSecondFactors } from '../user/account-limits.ts'
import { User, type UserRow } from '../user/user.entity.ts'
import { Users } from '../user/users.service.ts'
import { AccessTokens } from './access-token.ts'
import type { AuthKeys } from './auth-keys.ts'
import { cookieValue } from './cookie.ts'

/** What a program gets. */
export interface BearerTokens {
  readonly accessToken: string
  readonly tokenType: 'Bearer'
  /** How long the access token is good, in seconds. */
  readonly expiresIn: number
  /** Good once, for the next ones. */
  readonly refreshToken: string
}

/** What a browser gets: the value of its cookie. */
export interface CookieSession {
  readonly cookie: string
  readonly maxAgeSeconds: number
}

export interface Password extends SecondFactor {
  readonly email: string
  readonly password: string
}

/** Signing in, and going on. */
export interface SignInService {
  /**
   * Who stands behind address and password. It compares one password whether there is an account or not.
   * @throws `auth.wrong_password`, `auth.second_factor_needed`, `auth.wrong_second_factor`, `http.too_many_requests`
   */
  withPassword(ctx: Ctx, password: Password, ip: string): Promise<UserRow>
  bearer(ctx: Ctx, user: UserRow, device: Omit<Device, 'kind'>): Promise<BearerTokens>
  cookie(ctx: Ctx, user: UserRow, device: Omit<Device, 'kind'>): Promise<CookieSession>
  /** @throws `auth.refresh_refused` */
  refresh(ctx: Ctx, refreshToken: string): Promise<BearerTokens>
}

/** The service: `ctx.get(SignIn)`. */
export const SignIn = defineService<SignInService>('auth.sign-in')

export function createSignIn(keys: AuthKeys, { accessTokenSeconds, sessionDays }: AuthConfig): SignInService {
  const tokens = async (
    ctx: Ctx,
    held: { readonly userId: string; readonly sessionId: string; readonly refreshToken: string },
  ): Promise<BearerTokens> => ({
    accessToken: await ctx.get(AccessTokens).issue(ctx, held),
    tokenType: 'Bearer',
    expiresIn: accessTokenSeconds,
    refreshToken: held.refreshToken,
  })
  const begin = (ctx: Ctx, user: UserRow, device: Device): Promise<HeldSession> =>
    ctx.tx(async (t: Tx<AuthTables>) => {
      const held = await t.get(Sessions).begin(t, user, device)
      const isNew = await t.get(KnownDevices).meet(t, user.id, device)
      if (isNew && user.lastSignInAt !== null) await tellOf(t, user, device)
      // No change that somebody made: it leaves the row's version alone, and its editors in peace.
      await t.projection('when people were here last', (db) =>
        db.updateTable('users').set({ lastSignInAt: t.now() }).where('id', '=', user.id).execute(),
      )
      await t.get(Audit).record(t, {
        action: 'auth.signed-in',
        entity: User.name,
        rowId: user.id,
        actor: { kind: 'user', id: user.id },
        details: { sessionId: held.sessionId, kind: device.kind },
      })
      return held
    })
  return {
    async withPassword(ctx, { email, password, ...factor }, ip) {
      const user = await ctx.get(Users).findByEmail(ctx, email)
      await limitPasswords(ctx, { email, ip })
      const hashed = user && (await ctx.repo(User).reveal(user.id, 'passwordHash'))
      const { ok, stale } = await ctx.get(Passwords).verify(ctx, hashed, password)
      if (!ok || !user?.active || user.verifiedAt === null) throw authErrors['auth.wrong_password']({})
      await requireSecondFactor(ctx, user, factor)
      if (stale) {
        const passwordHash = await ctx.get(Passwords).hash(ctx, password)
        await ctx.tx((t) => t.repo(User).patch(user.id, { passwordHash }))
      }
      return user
    },
    bearer: async (ctx, user, device) => tokens(ctx, await begin(ctx, user, { kind: 'bearer', ...device })),
    async cookie(ctx, user, device) {
      const { sessionId } = await begin(ctx, user, { kind: 'cookie', ...device })
      return { cookie: cookieValue(keys, sessionId), maxAgeSeconds: sessionDays * 86_400 }
    },
    refresh: async (ctx, token) => tokens(ctx, await ctx.get(Sessions).refresh(ctx, token)),
  }
}

async function tellOf(t: Tx, { email, locale }: UserRow, { ip, userAgent }: Device): Promise<void> {
  const device = { ip, userAgent: userAgent.slice(0, USER_AGENT) }
  await mailLater(t, { kind: 'new-device', to: email, locale, device })
}

/** More of what a program says of itself is not looked at. */
const USER_AGENT = 300

async function requireSecondFactor(ctx: Ctx, user: UserRow, factor: SecondFactor): Promise<void> {
  if (user.totpConfirmedAt === null) return
  if (factor.otp === undefined && factor.recoveryCode === undefined)
    throw authErrors['auth.second_factor_needed']({})
  await limitSecondFactors(ctx, user.id)
  const isRight = await ctx.tx(async (t) => {
    if (!(await t.get(Totp).use(t, user, factor))) return false
    const { email: to, locale } = user
    if (factor.otp === undefined) await mailLater(t, { kind: 'recovery-code-used', to, locale })
    return true
  })
  if (!isRight) throw authErrors['auth.wrong_second_factor']({})
}
