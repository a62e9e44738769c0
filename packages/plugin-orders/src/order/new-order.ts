import { moneySchema, timestampSchema, uuidSchema } from '@clientele/core'
import * as z from 'zod'

const line = z.strictObject({
  productId: uuidSchema.nullish(),
  sku: z.string().min(1).max(100).optional().describe('Default: the product’s'),
  name: z.string().min(1).max(300).optional().describe('Default: the product’s'),
  quantity: z.int().min(1).max(1_000_000),
  unitPrice: moneySchema.optional().describe('In the order’s currency. Default: the product’s'),
})

/** What placing an order takes. */
export const newOrder = z.strictObject({
  number: z.string().min(1).max(100).optional().describe('Default: the next one'),
  customerId: uuidSchema.nullish().describe('Left out for a guest'),
  state: z.enum(['pending', 'paid', 'fulfilled']).default('pending'),
  placedAt: timestampSchema.optional().describe('Default: now'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .describe('ISO 4217. Default: the reporting currency'),
  country: z.string().max(100).nullish(),
  lines: z.array(line).min(1).max(1000),
})

/** What placing an order takes, as a caller writes it. */
export type NewOrder = z.input<typeof newOrder>
/** A line of it; with `productId` the rest comes from the product. */
export type NewOrderLine = z.input<typeof line>
