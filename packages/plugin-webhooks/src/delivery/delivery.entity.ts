import { col, defineEntity, timestampSchema, type RowOf } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import * as z from 'zod'
import { WebhookEndpoint } from '../endpoint/endpoint.entity.ts'

/** What is sent: the body of the request, as the Standard Webhooks specification has it. */
const payloadSchema = z.object({ type: z.string(), timestamp: timestampSchema, data: z.json() })

/** One try to deliver. */
export const attemptSchema = z.object({
  at: timestampSchema,
  status: z.int().nullable().describe('Null when no answer came'),
  error: z.string().nullable(),
  durationMs: z.int(),
  answer: z.string().describe('The beginning of the answer, at most 1 KiB'),
})
export type DeliveryAttempt = z.output<typeof attemptSchema>

/** `held`: its endpoint was switched off; it goes out when that is switched on again. */
const deliveryStates = ['waiting', 'delivered', 'failed', 'held'] as const

/** One event for one endpoint, with all tries to deliver it. */
export const WebhookDelivery = defineEntity(
  'webhookDeliveries',
  {
    endpointId: col.ref(() => WebhookEndpoint, { onDelete: 'cascade' }).filterable(),
    eventId: col.id().filterable().describe('The header webhook-id: the same for every try'),
    type: col.text(z.string().min(1).max(200)).filterable(),
    customerId: col
      .ref(() => Customer, { onMerge: 'keep', onErase: 'delete', onDelete: 'cascade' })
      .nullable()
      .filterable(),
    payload: col.json(payloadSchema).pii(),
    state: col.enum(deliveryStates).default('waiting').filterable(),
    attempts: col.integer(z.int().min(0)).default(0).describe('Tries since it was made or last replayed'),
    lastStatus: col.integer(z.int()).nullable().filterable(),
    lastError: col.text(z.string().max(1000)).nullable(),
    lastDurationMs: col.integer(z.int().min(0)).nullable(),
    lastAttemptAt: col.timestamp().nullable(),
    nextAttemptAt: col.timestamp().nullable().describe('Null when nothing more will be tried'),
    attemptLog: col.json(z.array(attemptSchema)).pii().default([]).describe('The latest tries, oldest first'),
  },
  {
    live: { read: 'webhooks:read' },
    audited: false,
    indexes: [
      { on: ['endpointId', 'eventId'], unique: true },
      { on: ['state', 'nextAttemptAt'] },
      { on: ['createdAt'] },
    ],
    description: 'Webhooks that went out or will.',
  },
)

/** A delivery as `t.repo` shows one. */
export interface WebhookDeliveryRow extends RowOf<typeof WebhookDelivery> {}
