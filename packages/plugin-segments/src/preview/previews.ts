import { adviseCondition, type Condition } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { languageOf } from '../audience/language.ts'
import { Counting } from './counting.ts'
import { CustomerSamples } from './customer-sample.ts'
import type { Counted, Preview, PreviewOptions } from './preview.ts'

/** The previews of a process. */
export class Previews {
  readonly #samples = new CustomerSamples()
  readonly #counts = new Map<string, Counting>()

  /** @throws `condition.invalid`, `storage.superseded` when a later one of the same key came */
  async preview(ctx: Ctx, given: unknown, options: PreviewOptions = {}): Promise<Preview> {
    const { sampleSize = 10, latest, exact = false, patience = 600, asks = 4000 } = options
    const condition = languageOf(ctx).parse(given)
    const counting = this.#counting(ctx, condition, { latest, exact })
    let counted: Counted
    try {
      counted = await (exact ? counting.exact(ctx) : counting.first(ctx, this.#samples, { patience, asks }))
    } catch (error) {
      // Whoever began the count has gone, and not who waits for it here.
      const isLeft = counting.isOver && !counting.isSuperseded && !ctx.signal.aborted
      if (isLeft) return this.preview(ctx, given, options)
      throw error
    }
    const { count, of, ids, estimate, asOf } = counted
    return {
      ...{ count, estimate },
      // Customers who are removed between two counts make no share above 1.
      share: of === 0 ? 0 : Math.min(1, count / of),
      sample: await ctx.repo(Customer).getMany(ids.slice(0, sampleSize)),
      warnings: await adviseCondition(ctx, languageOf(ctx), condition),
      asOf,
    }
  }

  /** Whoever asks the same again, for the exact count, waits for the one under way; else a later one drops it. */
  #counting(
    ctx: Ctx,
    condition: Condition,
    { latest, exact }: { readonly latest: string | undefined; readonly exact: boolean },
  ): Counting {
    const text = JSON.stringify(condition)
    const key = `${ctx.tenantId}/${latest ?? text}`
    const known = this.#counts.get(key)
    if (exact && known && !known.isOver && JSON.stringify(known.condition) === text) return known
    if (latest !== undefined) known?.supersede(latest)
    const counting: Counting = new Counting(ctx, condition, () => {
      if (this.#counts.get(key) === counting) this.#counts.delete(key)
    })
    this.#counts.set(key, counting)
    return counting
  }
}
