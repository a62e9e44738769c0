import { uuidSchema, type Ctx, type RouteRequest } from '@clientele/core'
import { authErrors } from '../auth.errors.ts'
import { Passwords } from '../password/password.service.ts'
import { sessionOf } from '../token/authenticators.ts'
import { limitPasswords } from './account-limits.ts'
import { User, type UserRow } from './user.entity.ts'

/** The caller's own account. @throws `auth.not_a_user` for keys, the system, and people whom the host signs in */
export async function ownAccount(ctx: Ctx): Promise<UserRow> {
  const { kind, id } = ctx.actor
  const isPerson = kind === 'user' || kind === 'operator'
  const found = isPerson && uuidSchema.safeParse(id).success ? await ctx.repo(User).find(id) : null
  if (!found) throw authErrors['auth.not_a_user']({ actor: `${kind} "${id}"` })
  return found
}

/** As {@link ownAccount}, for what an unlocked screen alone must not allow. @throws `auth.wrong_password` */
export async function ownAccountByPassword(
  ctx: Ctx,
  { password, ip }: { readonly password: string; readonly ip: string },
): Promise<UserRow> {
  const user = await ownAccount(ctx)
  await limitPasswords(ctx, { email: user.email, ip })
  const hashed = await ctx.repo(User).reveal(user.id, 'passwordHash')
  if (!(await ctx.get(Passwords).verify(ctx, hashed, password)).ok)
    throw authErrors['auth.wrong_password']({})
  return user
}

/** What spares the caller's own session where all others end. */
export async function butThisOne(
  ctx: Ctx,
  { headers }: Pick<RouteRequest, 'headers'>,
): Promise<{ readonly but?: string }> {
  const session = await sessionOf(ctx, { headers })
  return session ? { but: session.id } : {}
}
