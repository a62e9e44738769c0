import { fromTimestamp, Secrets, toTimestamp, type Ctx, type Timestamp } from '@clientele/core'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Waits between tries: ten tries over a good three days. */
const waits = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** Who asks for longer than this is asked again sooner. */
const LONGEST_WAIT = 24 * HOUR

/**
 * When to try again after so many tries that failed, up to a tenth later than planned so that a receiver that comes back
 * is not met by all at once; null when it was the last. `retryAfter` makes it later, never sooner.
 */
export function nextTry(ctx: Ctx, attempts: number, retryAfter: string | undefined): Timestamp | null {
  const wait = waits[attempts - 1]
  if (wait === undefined) return null
  const now = fromTimestamp(ctx.now())
  const jitter = Math.floor((wait / 10) * share(ctx))
  return toTimestamp(now + Math.max(wait + jitter, asked(retryAfter, now)))
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date. */
function asked(header: string | undefined, now: number): number {
  if (header === undefined) return 0
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * SECOND : Date.parse(header) - now
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_WAIT)
}

/** A number in [0, 1). */
function share(ctx: Ctx): number {
  return Buffer.from(ctx.get(Secrets).token(ctx, 2), 'base64url').readUInt16BE() / 65_536
}
