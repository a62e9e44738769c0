import { isClienteleError, type Tx } from '@clientele/core'
import { WebhookEndpoint } from '../endpoint/endpoint.entity.ts'
import type { Subscriptions } from '../endpoint/subscriptions.ts'
import type { WebhooksTables } from '../webhooks.tables.ts'
import { WebhookDelivery, type WebhookDeliveryRow } from './delivery.entity.ts'
import { Deliver } from './deliver.job.ts'

/** Something that may go out. */
export interface Occurrence {
  readonly eventId: string
  readonly type: string
  readonly at: string
  /** JSON. */
  readonly data: unknown
  readonly customerId: string | null
}

/** Where something may go. */
export interface Target {
  readonly id: string
  readonly subscriptions: Subscriptions
}

/** The endpoints that are on and want to hear of this kind of work. */
export async function openTargets(t: Tx<WebhooksTables>): Promise<readonly Target[]> {
  let query = t.db
    .selectFrom(WebhookEndpoint.name)
    .select(['id', 'subscriptions'])
    .where('enabled', '=', true)
    .orderBy('id')
  if (t.origin !== 'live') query = query.where('includeImports', '=', true)
  return query.execute()
}

/** An occurrence for an endpoint. */
export interface Wanted {
  readonly endpointId: string
  readonly occurrence: Occurrence
}

/** Writes the deliveries and their jobs: they are there exactly if the transaction commits. */
export async function addDeliveries(
  t: Tx<WebhooksTables>,
  wanted: readonly Wanted[],
): Promise<readonly WebhookDeliveryRow[]> {
  if (wanted.length === 0) return []
  try {
    return await t.tx((inner) => insert(inner, wanted))
  } catch (error) {
    // An endpoint was removed after we looked: no reason to refuse what happened.
    if (!isClienteleError(error) || error.code !== 'entity.reference') throw error
    const there = new Set((await openTargets(t)).map(({ id }) => id))
    const left = wanted.filter(({ endpointId }) => there.has(endpointId))
    if (left.length === wanted.length) throw error
    return insert(t, left)
  }
}

async function insert(
  t: Tx<WebhooksTables>,
  wanted: readonly Wanted[],
): Promise<readonly WebhookDeliveryRow[]> {
  const now = t.now()
  const rows = await t.repo(WebhookDelivery).insertMany(
    wanted.map(({ endpointId, occurrence: { eventId, type, at, data, customerId } }) => ({
      endpointId,
      eventId,
      type,
      customerId,
      // As JSON has it: what is undefined is not there.
      payload: { type, timestamp: at, data: JSON.parse(JSON.stringify(data ?? null)) as null },
      nextAttemptAt: now,
    })),
  )
  await t.enqueueMany(
    Deliver,
    rows.map(({ id }) => ({ deliveryId: id, due: now })),
  )
  return rows
}
