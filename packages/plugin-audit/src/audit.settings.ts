import { defineSettings } from '@clientele/core'
import * as z from 'zod'

/** How long a tenant's trail is kept. */
export const AuditSettings = defineSettings(
  'audit',
  z.object({
    keepDays: z
      .int()
      .min(30)
      .max(36_500)
      .default(730)
      .describe('Entries older than so many days are removed, the oldest first'),
  }),
)
