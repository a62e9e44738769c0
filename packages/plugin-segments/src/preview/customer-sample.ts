import type { Ctx } from '@clientele/core'
import type { AudienceTables } from '../segments.tables.ts'

/** Some customers who stand for all. */
export interface CustomerSample {
  readonly ids: readonly string[]
  /** How many customers there were. */
  readonly of: number
  /** They are all that there are. */
  readonly isAll: boolean
}

interface Drawn {
  readonly at: number
  readonly sample: Promise<CustomerSample>
  /** Of whoever drew it. */
  readonly signal: AbortSignal
}

/** How long a sample stands for customers who come and go. */
const LASTS = 5 * 60_000
/** Samples are kept of the tenants seen last. */
const TENANTS = 50

/** The same sample for a while: customers drawn by the random end of their ids, a share that gives about so many. */
export class CustomerSamples {
  readonly #known = new Map<string, Drawn>()

  async get(ctx: Ctx<AudienceTables>, size: number, signal: AbortSignal): Promise<CustomerSample> {
    const [now, key] = [Date.parse(ctx.now()), `${ctx.tenantId}/${size}`]
    const known = this.#known.get(key)
    if (known && now - known.at < LASTS) {
      try {
        return await known.sample
      } catch (error) {
        // Whoever drew it was dropped, which is nothing to those who waited for it as well.
        if (signal.aborted || !known.signal.aborted) throw error
        if (this.#known.get(key) === known) this.#known.delete(key)
        return this.get(ctx, size, signal)
      }
    }
    const sample = draw(ctx, size, signal)
    this.#known.delete(key)
    this.#known.set(key, { at: now, sample, signal })
    if (this.#known.size > TENANTS) this.#known.delete(this.#known.keys().next().value!)
    try {
      const drawn = await sample
      // An answer of everybody is exact, and has to be of those who are there then.
      if (drawn.isAll && this.#known.get(key)?.sample === sample) this.#known.delete(key)
      return drawn
    } catch (error) {
      if (this.#known.get(key)?.sample === sample) this.#known.delete(key)
      throw error
    }
  }
}

async function draw(ctx: Ctx<AudienceTables>, size: number, signal: AbortSignal): Promise<CustomerSample> {
  const [all] = await ctx.population.run<{ count: number }>(
    ctx.db.selectFrom('customers').select((eb) => eb.fn.countAll<number>().as('count')),
    { signal },
  )
  const of = all?.count ?? 0
  const isAll = of <= size
  const rows = await ctx.population.run<{ id: string }>(
    ctx.db
      .selectFrom('customers')
      .select('id')
      .where((eb) => ctx.sql.sampled(eb.ref('id'), isAll ? 1 : size / of)),
    { signal },
  )
  const ids = rows.map(({ id }) => id)
  return { ids, of: isAll ? ids.length : of, isAll }
}
