import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import { isTransaction, runtimeOf } from '../kernel/runtime.ts'
import { limiterOf } from './limiter.ts'
import { limitsErrors } from './limits.errors.ts'
import { limitProblem, type RateLimit } from './limits.options.ts'

/** What is counted: tries of a code, messages to an address. */
export interface RateLimitUse extends RateLimit {
  /** Of the limit, with the plugin before it: `auth.code`. */
  readonly name: string
  /** Whom it counts within the tenant: an id, or `addressKey(ip)`. It is stored as a hash. */
  readonly key: string
  /** @default 1 */
  readonly points?: number
}

/**
 * Limits that a plugin counts by itself, shared by all nodes. Points stay spent whatever becomes of a transaction, so
 * it is called outside of one. What cannot be counted is not allowed. Limits under 40 are exact, and cost a write each time; larger ones cost one now and then.
 *
 * @example
 * await ctx.get(RateLimits).require(ctx, { name: 'auth.code', key: userId, requests: 5, perSeconds: 900 })
 */
export interface RateLimits {
  /**
   * Spends points: whether they were left, and else when to try again.
   * @throws `limits.in_transaction`, `limits.not_counted` when the database cannot be asked
   */
  spend(
    ctx: Ctx,
    use: RateLimitUse,
  ): Promise<{ readonly allowed: boolean; readonly retryAfterSeconds: number }>
  /** As {@link spend}. @throws `http.too_many_requests`, `limits.in_transaction`, `limits.not_counted` */
  require(ctx: Ctx, use: RateLimitUse): Promise<void>
}

export const RateLimits = defineService<RateLimits>('core.rateLimits')

export function createRateLimits(): RateLimits {
  const spend = async (ctx: Ctx, use: RateLimitUse): Promise<number | null> => {
    const problem = limitProblem(use)
    if (problem) throw new TypeError(`Cannot count "${use.name}": ${problem}`)
    if (isTransaction(ctx)) throw limitsErrors['limits.in_transaction']({ limit: use.name })
    const { name, key, points } = use
    const counted = { name, key: `${ctx.tenantId} ${key}`, limit: use, guards: true }
    return limiterOf(runtimeOf(ctx)).spend(counted, points)
  }
  return {
    async spend(ctx, use) {
      const wait = await spend(ctx, use)
      return { allowed: wait === null, retryAfterSeconds: wait ?? 0 }
    },
    async require(ctx, use) {
      const wait = await spend(ctx, use)
      if (wait !== null) throw tooMany(use.name, use, wait)
    },
  }
}

/** The error of a limit that is used up. */
export function tooMany(
  policy: string,
  { requests, perSeconds }: RateLimit,
  retryAfterSeconds: number,
): Error {
  return limitsErrors['http.too_many_requests']({ policy, limit: requests, perSeconds, retryAfterSeconds })
}
