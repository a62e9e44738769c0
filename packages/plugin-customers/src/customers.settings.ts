import { defineSettings } from '@clientele/core'
import * as z from 'zod'

/** How long a tenant keeps what customers did. */
export const CustomersSettings = defineSettings(
  'customers',
  z.object({
    keepEventsMonths: z
      .number()
      .int()
      .min(1)
      .max(1200)
      .nullable()
      .default(null)
      .describe('Events that happened longer ago are removed every night; null keeps them for ever'),
    keepRejectedEventsDays: z
      .number()
      .int()
      .min(1)
      .max(3650)
      .default(30)
      .describe('Rejected events that arrived longer ago are removed every night'),
  }),
)
