import { uuidSchema } from '@clientele/core'
import * as z from 'zod'

/** A customer's metrics as an answer shows them. */
export const figuresSchema = z.object({
  customerId: uuidSchema,
  currency: z.string().describe('Amounts are minor units of it'),
  orderCount: z.int(),
  grossSpend: z.int().describe('Paid'),
  totalSpend: z.int().describe('Paid less refunded'),
  averageOrderValue: z.int(),
  firstOrderAt: z.iso.datetime().nullable(),
  lastOrderAt: z.iso.datetime().nullable(),
  recencyDays: z.int().nullable().describe('Whole days since the last order'),
  tier: z.string().nullable(),
})

/** A customer's metrics as an answer shows them; amounts are minor units of `currency`. */
export type CustomerFigures = z.output<typeof figuresSchema>
