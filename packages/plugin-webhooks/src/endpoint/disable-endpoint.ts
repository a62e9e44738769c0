import type { Tx } from '@clientele/core'
import { WebhookEndpointDisabled } from '../webhooks.events.ts'
import { WebhookEndpoint } from './endpoint.entity.ts'

/** Switches an endpoint off by itself and tells of it, once however many deliveries find out. */
export async function disableEndpoint(t: Tx, id: string, reason: string): Promise<void> {
  await t.lock(WebhookEndpoint, [id])
  const { enabled, url } = await t.repo(WebhookEndpoint).get(id)
  if (!enabled) return
  await t
    .repo(WebhookEndpoint)
    .patch(id, { enabled: false, disabledAt: t.now(), disabledReason: reason, failingSince: null })
  await t.emit(WebhookEndpointDisabled, { endpointId: id, url, reason })
}
