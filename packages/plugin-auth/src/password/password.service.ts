import { defineService, Metrics, Secrets, type Ctx } from '@clientele/core'
import { hash, parseOptions, verify } from '@node-rs/argon2'
import { authErrors } from '../auth.errors.ts'
import { isCommonPassword } from './common-passwords.ts'
import { turnstile } from './turnstile.ts'

/** What comparing a password found. */
export interface PasswordCheck {
  readonly ok: boolean
  /** It is right, and should be hashed anew: the cost has changed since. */
  readonly stale: boolean
}

/**
 * Passwords as argon2id (19 MiB, 2 passes: the OWASP profile). At most four are hashed at once in a process, so that many
 * sign-ins at once take longer and not all memory.
 */
export interface Passwords {
  /** @throws `auth.weak_password` for what is common, or says the address */
  require(password: string, email: string): void
  hash(ctx: Ctx, password: string): Promise<string>
  /** Takes as long without a hash to compare with: whoever measures does not learn whether there is an account. */
  verify(ctx: Ctx, hashed: string | null, password: string): Promise<PasswordCheck>
}

/** The service: `ctx.get(Passwords)`. */
export const Passwords = defineService<Passwords>('auth.passwords')

const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const AT_ONCE = 4
/** Of a random text that nobody knows. */
const NOBODYS =
  '$argon2id$v=19$m=19456,t=2,p=1$xXLOg3OjnA3qyzV/TScD3w$59vJLPxy9IZtd6hXmvCsOGFHEEw48kSgZNwbnXSks14'

export function createPasswords(): Passwords {
  const through = turnstile(AT_ONCE)
  return {
    require(password, email) {
      const lower = password.toLowerCase()
      const [local = ''] = email.split('@', 1)
      if (isCommonPassword(password)) throw authErrors['auth.weak_password']({ reason: 'many people use it' })
      if (lower === email || (local.length > 3 && lower.replaceAll(/[\d\W_]+/gu, '') === local))
        throw authErrors['auth.weak_password']({ reason: 'it is your address' })
    },
    hash: (ctx, password) =>
      through(() => {
        count(ctx)
        return hash(password.normalize('NFKC'), { ...COST, salt: saltOf(ctx) })
      }),
    verify: (ctx, hashed, password) =>
      through(async () => {
        count(ctx)
        const ok = (await verify(hashed ?? NOBODYS, password.normalize('NFKC'))) && hashed !== null
        return { ok, stale: ok && isStale(hashed) }
      }),
  }
}

function saltOf(ctx: Ctx): Buffer {
  return Buffer.from(ctx.get(Secrets).token(ctx, 16), 'base64url')
}

function isStale(hashed: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(hashed)
  return memoryCost !== COST.memoryCost || timeCost !== COST.timeCost || parallelism !== COST.parallelism
}

function count(ctx: Ctx): void {
  ctx
    .get(Metrics)
    .counter('auth_password_hashes_total', { help: 'Passwords that were hashed or compared.' })
    .of()
    .add()
}
