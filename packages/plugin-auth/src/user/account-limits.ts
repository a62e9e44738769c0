import { addressKey, RateLimits, type Ctx } from '@clientele/core'
import type { AuthTables } from '../auth.tables.ts'

/** So many codes of one kind to an address in an hour. */
const CODES = { requests: 5, perSeconds: 3600 }
/** So many tries of codes of one account in a day. */
const CODE_TRIES = { requests: 30, perSeconds: 86_400 }
/** So many passwords for one account from one address. */
const PASSWORDS_HERE = { requests: 10, perSeconds: 900 }
/** So many for one account from everywhere. */
const PASSWORDS = { requests: 100, perSeconds: 3600 }
const SECOND_FACTORS = { requests: 10, perSeconds: 900 }
const SECOND_FACTORS_A_DAY = { requests: 30, perSeconds: 86_400 }
const KNOWN_PLACES = 20

/** @throws `http.too_many_requests` */
export async function limitCodes(ctx: Ctx, purpose: string, email: string): Promise<void> {
  await ctx.get(RateLimits).require(ctx, { name: 'auth.codes', key: `${purpose} ${email}`, ...CODES })
}

/** @throws `http.too_many_requests` */
export async function limitCodeTries(ctx: Ctx<AuthTables>, requestId: string): Promise<void> {
  const row = await ctx.db.selectFrom('codes').select('email').where('id', '=', requestId).executeTakeFirst()
  const key = row?.email ?? requestId
  await ctx.get(RateLimits).require(ctx, { name: 'auth.code-tries', key, ...CODE_TRIES })
}

/**
 * Counts a password for an account: by the caller's address, and from everywhere together. The latter does not hold at
 * an address from which they signed in lately, so that nobody is locked out by a stranger who guesses.
 *
 * @param userId null when there is no such account: it is counted all the same
 * @throws `http.too_many_requests`
 */
export async function limitPasswords(
  ctx: Ctx<AuthTables>,
  { email, userId, ip }: { readonly email: string; readonly userId: string | null; readonly ip: string },
): Promise<void> {
  const limits = ctx.get(RateLimits)
  const place = addressKey(ip)
  await limits.require(ctx, { name: 'auth.passwords-here', key: `${email} ${place}`, ...PASSWORDS_HERE })
  const rows = await ctx.db
    .selectFrom('sessions')
    .select('ip')
    .where('userId', '=', userId ?? NOBODYS)
    .orderBy('createdAt', 'desc')
    .limit(KNOWN_PLACES)
    .execute()
  if (rows.some((row) => addressKey(row.ip) === place)) return
  await limits.require(ctx, { name: 'auth.passwords', key: email, ...PASSWORDS })
}

/** @throws `http.too_many_requests` */
export async function limitSecondFactors(ctx: Ctx, userId: string): Promise<void> {
  const limits = ctx.get(RateLimits)
  await limits.require(ctx, { name: 'auth.second-factors', key: userId, ...SECOND_FACTORS })
  await limits.require(ctx, { name: 'auth.second-factors-a-day', key: userId, ...SECOND_FACTORS_A_DAY })
}

const NOBODYS = '00000000-0000-0000-0000-000000000000'
