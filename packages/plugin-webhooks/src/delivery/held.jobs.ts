import { defineJob, handleJob, uuidSchema, type JobHandler, type Tx } from '@clientele/core'
import * as z from 'zod'
import { WebhookEndpoint } from '../endpoint/endpoint.entity.ts'
import type { WebhooksTables } from '../webhooks.tables.ts'
import { Deliver } from './deliver.job.ts'
import { WebhookDelivery } from './delivery.entity.ts'

/** Sends what waited for an endpoint that was switched on. */
export const ReleaseHeld = defineJob('webhooks.release-held', z.object({ endpointId: uuidSchema }))

const SLICE = 100

export const releaseHeld: JobHandler = handleJob(ReleaseHeld, async ({ endpointId }, ctx) => {
  for (;;) {
    ctx.signal.throwIfAborted()
    if ((await ctx.tx((t) => releaseSlice(t, endpointId))) < SLICE) return
  }
})

async function releaseSlice(t: Tx<WebhooksTables>, endpointId: string): Promise<number> {
  const endpoint = await t.repo(WebhookEndpoint).find(endpointId)
  if (!endpoint?.enabled) return 0
  const held = await t.db
    .selectFrom(WebhookDelivery.name)
    .select('id')
    .where('endpointId', '=', endpointId)
    .where('state', '=', 'held')
    .orderBy('id')
    .limit(SLICE)
    .execute()
  const due = t.now()
  const changes = { state: 'waiting', nextAttemptAt: due } as const
  await t.repo(WebhookDelivery).patchMany(held.map(({ id }) => ({ id, changes })))
  await t.enqueueMany(
    Deliver,
    held.map(({ id }) => ({ deliveryId: id, due })),
  )
  return held.length
}
