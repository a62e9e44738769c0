import {
  defineJob,
  handleJob,
  ImportedRows,
  Keys,
  uuidSchema,
  type Ctx,
  type JobHandler,
} from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { RejectedEvent } from '../ingest/rejected-event.entity.ts'
import { mentions } from './mentions.ts'

/** What the values in the job's input are sealed for. */
export const TRACES = 'customers.erase-traces'

/** Removes what has no customer's id but may tell of them: rejected events, rows of imports. */
export const EraseTraces = defineJob(
  'customers.eraseTraces',
  z.object({
    customerIds: z.array(uuidSchema),
    sealed: z.string().describe('What the person was known by'),
  }),
  { attempts: 10 },
)

export const eraseTraces: JobHandler = handleJob(EraseTraces, async ({ customerIds, sealed }, ctx) => {
  const isAbout = mentions(JSON.parse(ctx.get(Keys).open(ctx, TRACES, sealed)) as string[])
  await forgetRejected(ctx, isAbout)
  await ctx.get(ImportedRows).forget(ctx, Customer, { ids: customerIds, mentions: isAbout })
})

const PAGE = 200

async function forgetRejected(ctx: Ctx<CustomersTables>, isAbout: (text: string) => boolean): Promise<void> {
  for (let after: string | null = null; ;) {
    ctx.signal.throwIfAborted()
    let query = ctx.db
      .selectFrom('rejectedEvents')
      .select(['id', 'payload', 'message'])
      .orderBy('id')
      .limit(PAGE)
    if (after !== null) query = query.where('id', '>', after)
    const rows = await ctx.population.run(query)
    const ids = rows.filter((one) => isAbout(one.payload) || isAbout(one.message)).map(({ id }) => id)
    if (ids.length > 0)
      await ctx.tx(async (t) => {
        // One may have been removed meanwhile.
        const there = await t.repo(RejectedEvent).getMany(ids)
        await t.repo(RejectedEvent).removeMany(there.map(({ id }) => id))
      })
    if (rows.length < PAGE) return
    after = rows.at(-1)!.id
  }
}
