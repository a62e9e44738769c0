import {
  defineJob,
  defineSchedule,
  fromTimestamp,
  handleJob,
  removeBefore,
  toTimestamp,
  type Ctx,
  type JobHandler,
  type Schedule,
  type Timestamp,
} from '@clientele/core'
import * as z from 'zod'
import { WebhooksConfigured } from '../webhooks.options.ts'
import type { WebhooksTables } from '../webhooks.tables.ts'
import { Deliver, deliverKey } from './deliver.job.ts'
import { WebhookDelivery } from './delivery.entity.ts'

/** Removes old deliveries, and finds those whose job died. */
export const Upkeep = defineJob('webhooks.upkeep', z.object({}), { timeoutMs: 3_600_000 })

export const upkeepSchedule: Schedule = defineSchedule(Upkeep, {}, { cron: '25 * * * *' })

const SLICE = 100
const HOUR_MS = 3_600_000

export const upkeep: JobHandler = handleJob(Upkeep, async (_input, ctx) => {
  const { keepDays } = ctx.get(WebhooksConfigured)
  await removeBefore(ctx, WebhookDelivery, 'createdAt', before(ctx, keepDays * 24 * HOUR_MS))
  await reviveLost(ctx, before(ctx, HOUR_MS))
})

/** A delivery whose job died, after crash upon crash, is tried again: the same try, by another job. */
async function reviveLost(ctx: Ctx<WebhooksTables>, until: Timestamp): Promise<void> {
  for (let last: { id: string; nextAttemptAt: Timestamp } | undefined; ;) {
    ctx.signal.throwIfAborted()
    const after = last
    let query = ctx.db
      .selectFrom(WebhookDelivery.name)
      .select(['id', 'nextAttemptAt'])
      .where('state', '=', 'waiting')
      .where('nextAttemptAt', '<', until)
      .orderBy('nextAttemptAt')
      .orderBy('id')
      .limit(SLICE)
    if (after)
      query = query.where((eb) =>
        eb.or([
          eb('nextAttemptAt', '>', after.nextAttemptAt),
          eb.and([eb('nextAttemptAt', '=', after.nextAttemptAt), eb('id', '>', after.id)]),
        ]),
      )
    const lost = (await query.execute()).map(({ id, nextAttemptAt }) => ({
      id,
      nextAttemptAt: nextAttemptAt!,
    }))
    await ctx.tx(async (t) => {
      for (const { id, nextAttemptAt } of lost) {
        const one = { deliveryId: id, due: nextAttemptAt }
        await t.enqueue(Deliver, one, { dedupeKey: deliverKey(one) })
      }
    })
    if (lost.length < SLICE) return
    last = lost.at(-1)!
  }
}

function before(ctx: Ctx, ms: number): Timestamp {
  return toTimestamp(fromTimestamp(ctx.now()) - ms)
}
