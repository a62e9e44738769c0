import { addressKey, RateLimits, type Ctx, type RateLimit } from '@clientele/core'
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
  const counted = { name: 'auth.codes', key: `${purpose} ${email}`, email, place: ctx.ip ?? '' }
  await limitByPlace(ctx, { ...counted, here: CODES, everywhere: CODES })
}

/** @throws `http.too_many_requests` */
export async function limitCodeTries(ctx: Ctx<AuthTables>, requestId: string): Promise<void> {
  const row = await ctx.db.selectFrom('codes').select('email').where('id', '=', requestId).executeTakeFirst()
  const email = row?.email ?? requestId
  const counted = { name: 'auth.code-tries', key: email, email, place: ctx.ip ?? '' }
  await limitByPlace(ctx, { ...counted, here: CODE_TRIES, everywhere: CODE_TRIES })
}

/**
 * Counts a password for an account, also where there is no such account.
 *
 * @throws `http.too_many_requests`
 */
export async function limitPasswords(
  ctx: Ctx,
  { email, ip }: { readonly email: string; readonly ip: string },
): Promise<void> {
  const counted = { name: 'auth.passwords', key: email, email, place: ip }
  await limitByPlace(ctx, { ...counted, here: PASSWORDS_HERE, everywhere: PASSWORDS })
}

/**
 * Counts by the caller's address, and from everywhere together. The latter does not hold at an address from which the
 * person signed in lately, so that nobody is locked out by a stranger who guesses.
 */
async function limitByPlace(
  ctx: Ctx<AuthTables>,
  count: {
    readonly name: string
    readonly key: string
    readonly email: string
    readonly place: string
    readonly here: RateLimit
    readonly everywhere: RateLimit
  },
): Promise<void> {
  const { name, key, email, here, everywhere } = count
  const limits = ctx.get(RateLimits)
  const place = addressKey(count.place)
  await limits.require(ctx, { name: `${name}-here`, key: `${key} ${place}`, ...here })
  const rows = await ctx.db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .select('sessions.ip')
    .where('users.email', '=', email)
    .orderBy('sessions.createdAt', 'desc')
    .limit(KNOWN_PLACES)
    .execute()
  if (rows.some((row) => addressKey(row.ip) === place)) return
  await limits.require(ctx, { name, key, ...everywhere })
}

/** @throws `http.too_many_requests` */
export async function limitSecondFactors(ctx: Ctx, userId: string): Promise<void> {
  const limits = ctx.get(RateLimits)
  await limits.require(ctx, { name: 'auth.second-factors', key: userId, ...SECOND_FACTORS })
  await limits.require(ctx, { name: 'auth.second-factors-a-day', key: userId, ...SECOND_FACTORS_A_DAY })
}
