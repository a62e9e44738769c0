import { handleJob, type Ctx, type JobHandler } from '@clientele/core'
import type { CustomersTables } from '../customers.tables.ts'
import { KeepTraitIndexes } from './trait.jobs.ts'
import { keepTraitIndexes } from './trait.service.ts'

export const keepTraitIndexesJob: JobHandler = handleJob(KeepTraitIndexes, (_input, ctx) =>
  keepTraitIndexes(ctx),
)

/** A migration that makes the table anew leaves indexes behind that it does not know: they are made again. */
export async function mendTraitIndexes(ctx: Ctx<CustomersTables>): Promise<void> {
  const asked = await ctx.db.selectFrom('promotedTraits').select('id').limit(1).execute()
  if (asked.length > 0) await ctx.tx((t) => t.enqueue(KeepTraitIndexes, {}, { dedupeKey: 'start' }))
}
