import { defineService, type Ctx, type Tx } from '@clientele/core'
import type { AuthTables } from '../auth.tables.ts'
import { isExpired } from '../operator/pending.ts'
import { Sessions } from '../session/session.service.ts'
import { Totp } from '../totp/totp.service.ts'
import { emailSchema, User, type Locale, type UserRow } from './user.entity.ts'

/** Who proved to read an address, and what they want to be. */
export interface ProvedPerson {
  readonly email: string
  readonly name?: string
  readonly locale?: Locale
  /** Of the password they chose; left out, they have none yet. */
  readonly passwordHash?: string | null
}

/** Users for other plugins and for the host. */
export interface UsersService {
  findByEmail(ctx: Ctx, email: string): Promise<UserRow | null>
  /**
   * The user of an address that was proved just now. Whatever was set on the account before anybody had proved it
   * (password, authenticator, sessions) is removed first: it may be of somebody who only knew the address. Whoever was
   * to be an operator and comes too late is none. A password ends all sessions of an account that was proved before, and
   * leaves its authenticator on.
   */
  prove(t: Tx, person: ProvedPerson): Promise<UserRow>
}

/** The service: `ctx.get(Users)`. */
export const Users = defineService<UsersService>('auth.users')

export function createUsers(): UsersService {
  const findByEmail = async (ctx: Ctx<AuthTables>, email: string): Promise<UserRow | null> => {
    const found = await ctx.db
      .selectFrom('users')
      .select('id')
      .where('email', '=', emailSchema.parse(email))
      .executeTakeFirst()
    return found ? ctx.repo(User).find(found.id) : null
  }
  return {
    findByEmail,
    async prove(t, { email, name, locale, passwordHash }) {
      const wanted = {
        verifiedAt: t.now(),
        ...(name ? { name } : {}),
        ...(locale ? { locale } : {}),
        ...(passwordHash ? { passwordHash } : {}),
      }
      const known = await findByEmail(t, email)
      if (!known) return t.repo(User).insert({ email, ...wanted })
      if (known.verifiedAt === null) {
        await t.get(Totp).remove(t, known.id)
        await t.get(Sessions).endAll(t, known.id)
        const isOperator = known.isOperator && !isExpired(t, known)
        const opened = { passwordHash: null, isOperator, operatorExpiresAt: null }
        return t.repo(User).patch(known.id, { ...opened, ...wanted })
      }
      if (!passwordHash) return known
      await t.get(Sessions).endAll(t, known.id)
      return t.repo(User).patch(known.id, { passwordHash })
    },
  }
}
