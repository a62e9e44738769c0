import { countQuery, membersQuery, type Condition, type Environment } from '@clientele/conditions'
import { coreErrors, toTimestamp, type Ctx } from '@clientele/core'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { environmentOf } from '../audience/environment.ts'
import { languageOf } from '../audience/language.ts'
import type { CustomerSamples } from './customer-sample.ts'
import { estimateCount, type Question } from './estimate-count.ts'
import type { Counted } from './preview.ts'

/** Customers that an exact answer names. */
const SHOWN = 100

/** How soon after the exact count an estimate is begun: most counts are over by then. */
const HEAD_START = 100

/** How long a count goes on for which nobody waits, in case somebody comes back for it. */
const GRACE = 15_000

/** An exact count under way, for which several may wait. Whoever begins it lends it their context. */
export class Counting {
  readonly condition: Condition
  isSuperseded = false
  readonly #ctx: Ctx
  readonly #environment: Promise<Environment>
  readonly #stop = new AbortController()
  readonly #exact: Promise<Counted>
  #waiting = 0
  #grace: NodeJS.Timeout | undefined

  constructor(ctx: Ctx, condition: Condition, ended: () => void) {
    this.#ctx = ctx
    this.condition = condition
    this.#environment = environmentInTurn(ctx, this.#stop.signal)
    this.#exact = this.#environment
      .then((environment) => countExactly(ctx, { condition, environment }, this.#stop.signal))
      .finally(ended)
    // Whoever waits hears of it.
    this.#exact.catch(() => {})
  }

  /** It was dropped, or whoever began it has gone. */
  get isOver(): boolean {
    return this.#stop.signal.aborted || this.#ctx.signal.aborted
  }

  /** Drops it: whoever waits gets `storage.superseded`. */
  supersede(key: string): void {
    this.isSuperseded = true
    this.#stop.abort(coreErrors['storage.superseded']({ key }))
  }

  /** The exact answer. When the last who wait go away (`ctx.signal`), it ends. */
  exact(ctx: Ctx): Promise<Counted> {
    return this.#while(ctx, () => this.#exact)
  }

  /** The exact answer if it is there within `patience`, else an estimate; the exact one goes on for a while. */
  first(
    ctx: Ctx,
    samples: CustomerSamples,
    { patience, asks }: { readonly patience: number; readonly asks: number },
  ): Promise<Counted> {
    return this.#while(ctx, async () => {
      const early = await Promise.race([
        this.#exact,
        sleep(Math.min(HEAD_START, patience), null, { ref: false }),
      ])
      if (early) return early
      // What an estimate fails of, the exact count does, too.
      const estimate = this.#estimate(ctx, samples, asks).catch(() => this.#exact)
      estimate.catch(() => {})
      const late = await Promise.race([
        this.#exact,
        sleep(Math.max(0, patience - HEAD_START), null, { ref: false }),
      ])
      return late ?? (await Promise.race([this.#exact, estimate]))
    })
  }

  async #estimate(ctx: Ctx, samples: CustomerSamples, asks: number): Promise<Counted> {
    const { condition } = this
    const { signal } = this.#stop
    const environment = await this.#environment
    return estimateCount(ctx, { condition, environment }, await samples.get(ctx, asks, signal), signal)
  }

  async #while<T>({ signal }: Ctx, wait: () => Promise<T>): Promise<T> {
    clearTimeout(this.#grace)
    this.#waiting++
    const gone = Promise.withResolvers<never>()
    const leave = (): void => gone.reject(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([wait(), gone.promise])
    } finally {
      signal.removeEventListener('abort', leave)
      this.#waiting--
      if (this.#waiting === 0) this.#end(signal.aborted ? 0 : GRACE)
    }
  }

  #end(after: number): void {
    const stop = (): void => this.#stop.abort(new Error('Nobody waits for the count any more'))
    if (after === 0) return stop()
    this.#grace = setTimeout(stop, after)
    this.#grace.unref()
  }
}

/** Statements of large conditions take a while to write: others come in between, and nobody may want them any more. */
async function environmentInTurn(ctx: Ctx, signal: AbortSignal): Promise<Environment> {
  const environment = await environmentOf(ctx)
  await turn()
  signal.throwIfAborted()
  return environment
}

async function countExactly(
  ctx: Ctx,
  { condition, environment }: Question,
  signal: AbortSignal,
): Promise<Counted> {
  const language = languageOf(ctx)
  const [total] = await ctx.population.run<{ count: number }>(
    countQuery(ctx, language, condition, environment),
    { signal },
  )
  const [everybody] = await ctx.population.run<{ count: number }>(
    countQuery(ctx, language, { all: [] }, environment),
    { signal },
  )
  const members = membersQuery(ctx, language, condition, environment)
  const ids = await ctx.population.run<{ id: string }>(
    members.select('customers.id').orderBy('customers.id', 'desc').limit(SHOWN),
    { signal },
  )
  return {
    ...{ count: total?.count ?? 0, of: everybody?.count ?? 0 },
    ...{ ids: ids.map(({ id }) => id), estimate: null, asOf: toTimestamp(environment.now) },
  }
}
