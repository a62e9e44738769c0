import { moneySchema, timestampSchema } from '@clientele/core'
import * as z from 'zod'
import { REFUND_REASONS } from './refund-reason.ts'

/** What giving money back for an order takes. */
export const newRefund = z.strictObject({
  amount: moneySchema
    .optional()
    .describe('Above zero, in the order’s currency. Default: all that is left of what was paid'),
  reason: z.enum(REFUND_REASONS).default('requested'),
  note: z.string().max(1000).nullish(),
  refundedAt: timestampSchema.optional().describe('Default: now'),
})

/** What giving money back takes, as a caller writes it. */
export type NewRefund = z.input<typeof newRefund>
