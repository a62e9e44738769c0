import { isClienteleError } from '../errors/clientele-error.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { limitsErrors } from './limits.errors.ts'
import type { RateLimit } from './limits.options.ts'
import { takePoints } from './rate-windows.ts'

const { createHash } = process.getBuiltinModule('node:crypto')

/** Whom a limit counts: its name, and what tells one from the other. */
export interface Counted {
  readonly name: string
  readonly key: string
  readonly limit: RateLimit
  /** Nothing goes through uncounted: it is what stands between somebody and guessing. @default false */
  readonly guards?: boolean
}

/** Null when it is allowed; else in how many seconds a new window begins. */
export type Verdict = number | null

/** At most so many keys are remembered between requests; each is a few hundred bytes. */
const REMEMBERED = 50_000

/** A part of the points that are left is taken at once: so many requests cost no statement. */
const BLOCK = 0.05

/** How far clocks may be apart: a window that ends later than this and its own length was begun by one that was wrong. */
const CLOCKS_APART_MS = 5 * 60_000

/** What this node knows of one key's window. */
interface Bucket {
  /** The key in the database. */
  readonly id: string
  /** Windows of different keys end at different times, so that not all begin anew at once. */
  readonly phaseMs: number
  endsAt: number
  /** Taken out of the shared window and not spent yet. */
  left: number
  /** Points of the shared window that no node had taken when last asked. */
  free: number
  taking: Promise<void> | null
}

/**
 * Counts requests in windows that all nodes share.
 *
 * A node takes a block of points, a twentieth of what is left and at least one, and spends it by itself; so most
 * requests cost no statement, and the nearer the limit, the smaller the blocks. Never more is spent than the limit. What
 * nodes have taken and not spent when the window ends is lost: less than a tenth with three nodes.
 *
 * When the database cannot be asked, what is guarded is refused and everything else goes through.
 */
export class Limiter {
  readonly #runtime: Runtime
  readonly #buckets = new Map<string, Bucket>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  /** Spends points. At once when this node has some, or knows that none are left. */
  spend(counted: Counted, points = 1): Verdict | Promise<Verdict> {
    const bucket = this.#bucket(counted)
    const now = this.#runtime.clock.now()
    if (now >= bucket.endsAt || bucket.endsAt > latestEnd(now, counted.limit))
      begin(bucket, counted.limit, now)
    if (bucket.left >= points) {
      bucket.left -= points
      return null
    }
    if (bucket.free + bucket.left < points) return secondsUntil(bucket.endsAt, now)
    return this.#spendLater(bucket, counted, points)
  }

  async #spendLater(bucket: Bucket, counted: Counted, points: number): Promise<Verdict> {
    // Those who wait together share one statement; whoever finds the block empty asks again.
    bucket.taking ??= this.#take(bucket, counted, points).finally(() => (bucket.taking = null))
    await bucket.taking
    return this.spend(counted, points)
  }

  async #take(bucket: Bucket, { name, limit, guards }: Counted, points: number): Promise<void> {
    const { endsAt, free } = bucket
    const wanted = Math.max(Math.floor(free * BLOCK), points - bucket.left)
    try {
      const latest = latestEnd(this.#runtime.clock.now(), limit)
      const window = await takePoints(this.#runtime, { key: bucket.id, points: wanted, endsAt, latest })
      const before = window.used - wanted
      bucket.endsAt = window.endsAt
      bucket.free = Math.max(0, limit.requests - window.used)
      bucket.left += Math.max(0, Math.min(wanted, limit.requests - before))
    } catch (error) {
      if (isClienteleError(error) && error.code === 'storage.outer_handle') throw error
      const fields = { err: error, limit: name }
      if (guards) {
        this.#runtime.logger.warn(fields, 'a rate limit cannot be counted; what it guards is refused')
        throw limitsErrors['limits.not_counted']({ limit: name, retryAfterSeconds: 1 }, { cause: error })
      }
      this.#runtime.logger.warn(fields, 'a rate limit cannot be counted; requests go on')
      bucket.left += wanted
    }
  }

  #bucket({ name, key, limit }: Counted): Bucket {
    const known = this.#buckets.get(`${name} ${key}`)
    if (known) return known
    if (this.#buckets.size >= REMEMBERED) this.#forget()
    const hash = createHash('sha256').update(key).digest()
    const bucket: Bucket = {
      id: `${name} ${hash.toString('base64url')}`,
      phaseMs: hash.readUInt32BE(0) % (limit.perSeconds * 1000),
      endsAt: 0,
      left: 0,
      free: 0,
      taking: null,
    }
    this.#buckets.set(`${name} ${key}`, bucket)
    return bucket
  }

  /** What is over goes first; else the oldest, whose points that are not spent are lost. */
  #forget(): void {
    const now = this.#runtime.clock.now()
    for (const [key, { endsAt }] of this.#buckets) if (endsAt <= now) this.#buckets.delete(key)
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size < REMEMBERED * 0.9) return
      this.#buckets.delete(key)
    }
  }
}

const limiters = new WeakMap<Runtime, Limiter>()

/** The one of an instance: whoever counts the same key spends the same points. */
export function limiterOf(runtime: Runtime): Limiter {
  const known = limiters.get(runtime)
  if (known) return known
  const limiter = new Limiter(runtime)
  limiters.set(runtime, limiter)
  return limiter
}

function begin(bucket: Bucket, { requests, perSeconds }: RateLimit, now: number): void {
  const length = perSeconds * 1000
  bucket.endsAt = (Math.floor((now - bucket.phaseMs) / length) + 1) * length + bucket.phaseMs
  bucket.left = 0
  bucket.free = requests
}

function latestEnd(now: number, { perSeconds }: RateLimit): number {
  return now + perSeconds * 1000 + CLOCKS_APART_MS
}

function secondsUntil(endsAt: number, now: number): number {
  return Math.max(1, Math.ceil((endsAt - now) / 1000))
}
