import { defineDomainEvent, uuidSchema } from '@clientele/core'
import * as z from 'zod'

/** An endpoint was switched off because it took nothing for days, or said that it is gone. Somebody should look. */
export const WebhookEndpointDisabled = defineDomainEvent(
  'webhooks.endpoint_disabled',
  z.object({ endpointId: uuidSchema, url: z.string(), reason: z.string() }),
)
