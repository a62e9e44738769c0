import { defineJob, timestampSchema, uuidSchema } from '@clientele/core'
import * as z from 'zod'

/** Tries a delivery once; `due` says which try, so that a job of a try that was overtaken does nothing. */
export const Deliver = defineJob(
  'webhooks.deliver',
  z.object({ deliveryId: uuidSchema, due: timestampSchema }),
  { timeoutMs: 60_000, concurrency: 16 },
)

/** What keeps two jobs of one try apart from two tries. */
export function deliverKey({ deliveryId, due }: { deliveryId: string; due: string }): string {
  return `${deliveryId} ${due}`
}
