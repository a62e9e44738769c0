import { defineSettings } from '@clientele/core'
import * as z from 'zod'
import { isCountryCode } from './customer/place.ts'

/** How long a tenant keeps what customers did. */
export const CustomersSettings = defineSettings(
  'customers',
  z.object({
    country: z
      .string()
      .refine(isCountryCode, 'must be a country of ISO 3166, such as BR')
      .nullable()
      .default(null)
      .describe(
        'Where telephone numbers without a country are from, of customers without one; null: that of the tenant’s locale',
      ),
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
