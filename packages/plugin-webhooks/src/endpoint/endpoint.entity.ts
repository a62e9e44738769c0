import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { subscriptionsSchema } from './subscriptions.ts'

/** Where webhooks go, and which. */
export const WebhookEndpoint = defineEntity(
  'webhookEndpoints',
  {
    url: col.text(z.string().min(1).max(2000)).filterable().sortable(),
    description: col.text(z.string().max(1000)).default(''),
    subscriptions: col.json(subscriptionsSchema),
    includeImports: col
      .boolean()
      .default(false)
      .describe('Also what imports and replays announce, not only what happens now'),
    enabled: col.boolean().default(true).filterable(),
    disabledAt: col.timestamp().nullable().describe('When it was switched off by itself'),
    disabledReason: col.text(z.string().max(1000)).nullable(),
    failingSince: col
      .timestamp()
      .nullable()
      .describe('The first failure after the last delivery that arrived'),
    secret: col.secret(),
    previousSecret: col.secret().nullable(),
    previousSecretUntil: col
      .timestamp()
      .nullable()
      .describe('Until then deliveries are signed with the secret before as well'),
  },
  { label: 'url', live: { read: 'webhooks:read' }, description: 'Where webhooks go, and which.' },
)

/** An endpoint as `t.repo` and the wire show one: without its secrets. */
export interface WebhookEndpointRow extends RowOf<typeof WebhookEndpoint> {}
