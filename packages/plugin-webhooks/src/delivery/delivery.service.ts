import { defineService, type Tx } from '@clientele/core'
import { WebhookEndpoint } from '../endpoint/endpoint.entity.ts'
import { webhooksErrors } from '../webhooks.errors.ts'
import { addDeliveries } from './add-deliveries.ts'
import { Deliver, deliverKey } from './deliver.job.ts'
import { WebhookDelivery, type WebhookDeliveryRow } from './delivery.entity.ts'

/** What went out, and sending it again. */
export interface WebhookDeliveriesService {
  /** Sends an event of type `webhooks.test`. @throws `entity.not_found`, `webhooks.endpoint_off` */
  test(t: Tx, endpointId: string): Promise<WebhookDeliveryRow>
  /**
   * Sends a delivery again, now and under the same webhook-id, with all its tries before it.
   * @throws `entity.not_found`, `webhooks.endpoint_off`
   */
  replay(t: Tx, id: string): Promise<WebhookDeliveryRow>
}

export const WebhookDeliveries = defineService<WebhookDeliveriesService>('webhooks.deliveries')

export function createWebhookDeliveriesService(): WebhookDeliveriesService {
  return {
    async test(t, endpointId) {
      await mustBeOn(t, endpointId)
      const occurrence = {
        ...{ eventId: t.newId(), type: 'webhooks.test', at: t.now(), customerId: null },
        data: { endpointId, message: 'It works' },
      }
      return (await addDeliveries(t, [{ endpointId, occurrence }]))[0]!
    },
    async replay(t, id) {
      await t.lock(WebhookDelivery, [id])
      const { endpointId } = await t.repo(WebhookDelivery).get(id)
      await mustBeOn(t, endpointId)
      const one = { deliveryId: id, due: t.now() }
      await t.enqueue(Deliver, one, { dedupeKey: deliverKey(one) })
      const again = { state: 'waiting', attempts: 0, nextAttemptAt: one.due } as const
      return t.repo(WebhookDelivery).patch(id, again)
    },
  }
}

async function mustBeOn(t: Tx, id: string): Promise<void> {
  const { enabled, disabledReason } = await t.repo(WebhookEndpoint).get(id)
  if (!enabled)
    throw webhooksErrors['webhooks.endpoint_off']({
      id,
      reason: disabledReason ?? 'somebody switched it off',
    })
}
