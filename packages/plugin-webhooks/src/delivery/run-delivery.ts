import { fromTimestamp, handleJob, type Ctx, type JobHandler, type Tx } from '@clientele/core'
import { disableEndpoint } from '../endpoint/disable-endpoint.ts'
import { WebhookEndpoint } from '../endpoint/endpoint.entity.ts'
import { WebhooksConfigured } from '../webhooks.options.ts'
import { Deliver, deliverKey } from './deliver.job.ts'
import { WebhookDelivery, type WebhookDeliveryRow } from './delivery.entity.ts'
import { nextTry } from './retry-plan.ts'
import { sendDelivery, type SentDelivery } from './send-delivery.ts'

/** Tries kept of a delivery that is replayed over and over. */
const KEPT_ATTEMPTS = 25
const DAY_MS = 86_400_000

type Try = { readonly deliveryId: string; readonly due: string }

/** The job that tries a delivery. */
export const runDelivery: JobHandler = handleJob(Deliver, async (one, ctx) => {
  const delivery = await ctx.repo(WebhookDelivery).find(one.deliveryId)
  if (!delivery || !isStill(delivery, one)) return
  const endpoint = await ctx.repo(WebhookEndpoint).find(delivery.endpointId)
  if (!endpoint) return
  if (!endpoint.enabled) return hold(ctx, delivery, one)
  const sent = await sendDelivery(ctx, endpoint, delivery)
  await ctx.tx((t) => settle(t, one, sent))
})

function isStill(delivery: WebhookDeliveryRow, { due }: Try): boolean {
  return delivery.state === 'waiting' && delivery.nextAttemptAt === due
}

/** It waits for its endpoint; one that was switched on meanwhile gets it after all. */
async function hold(ctx: Ctx, { endpointId }: WebhookDeliveryRow, one: Try): Promise<void> {
  await ctx.tx(async (t) => {
    await t.lock(WebhookDelivery, [one.deliveryId])
    await t.lock(WebhookEndpoint, [endpointId])
    const delivery = await t.repo(WebhookDelivery).find(one.deliveryId)
    if (!delivery || !isStill(delivery, one)) return
    const endpoint = await t.repo(WebhookEndpoint).get(endpointId)
    if (endpoint.enabled) await t.enqueue(Deliver, one)
    else await t.repo(WebhookDelivery).patch(one.deliveryId, { state: 'held', nextAttemptAt: null })
  })
}

/** Writes down what became of a try, and what follows. */
async function settle(t: Tx, one: Try, sent: SentDelivery): Promise<void> {
  await t.lock(WebhookDelivery, [one.deliveryId])
  const delivery = await t.repo(WebhookDelivery).find(one.deliveryId)
  if (!delivery || !isStill(delivery, one)) return
  const { attempt } = sent
  const attempts = delivery.attempts + 1
  const tried = {
    attempts,
    lastStatus: attempt.status,
    lastError: attempt.error,
    lastDurationMs: attempt.durationMs,
    lastAttemptAt: attempt.at,
    attemptLog: [...delivery.attemptLog, attempt].slice(-KEPT_ATTEMPTS),
  }
  const write = (changes: Pick<WebhookDeliveryRow, 'state' | 'nextAttemptAt'>) =>
    t.repo(WebhookDelivery).patch(delivery.id, { ...tried, ...changes })
  if (attempt.error === null) {
    await write({ state: 'delivered', nextAttemptAt: null })
    return recovered(t, delivery.endpointId)
  }
  if (attempt.status === 410) {
    await write({ state: 'failed', nextAttemptAt: null })
    return disableEndpoint(t, delivery.endpointId, 'it answered 410 Gone')
  }
  const next = nextTry(t, attempts, sent.retryAfter)
  const off = await failed(t, delivery.endpointId)
  if (next === null) await write({ state: 'failed', nextAttemptAt: null })
  else if (off) await write({ state: 'held', nextAttemptAt: null })
  else {
    await write({ state: 'waiting', nextAttemptAt: next })
    const again = { deliveryId: delivery.id, due: next }
    await t.enqueue(Deliver, again, { runAt: next, dedupeKey: deliverKey(again) })
  }
}

async function recovered(t: Tx, endpointId: string): Promise<void> {
  const { failingSince } = await t.repo(WebhookEndpoint).get(endpointId)
  if (failingSince !== null) await t.repo(WebhookEndpoint).patch(endpointId, { failingSince: null })
}

/** Counts how long the endpoint has been failing; true when it is off now. */
async function failed(t: Tx, endpointId: string): Promise<boolean> {
  await t.lock(WebhookEndpoint, [endpointId])
  const { enabled, failingSince } = await t.repo(WebhookEndpoint).get(endpointId)
  if (!enabled) return true
  if (failingSince === null) {
    await t.repo(WebhookEndpoint).patch(endpointId, { failingSince: t.now() })
    return false
  }
  const { disableAfterDays } = t.get(WebhooksConfigured)
  if (fromTimestamp(t.now()) - fromTimestamp(failingSince) < disableAfterDays * DAY_MS) return false
  await disableEndpoint(t, endpointId, `nothing arrived for ${disableAfterDays} days, since ${failingSince}`)
  return true
}
