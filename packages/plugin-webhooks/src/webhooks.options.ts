import { defineService } from '@clientele/core'
import * as z from 'zod'

export const webhooksOptions = z.object({
  allowHttp: z
    .boolean()
    .default(false)
    .describe('Whether endpoints may say http://: their deliveries can be read on the way'),
  keepDays: z.int().min(1).max(3650).default(30).describe('How long deliveries are kept, in days'),
  disableAfterDays: z
    .int()
    .min(1)
    .max(365)
    .default(5)
    .describe('An endpoint that took nothing for so many days is switched off'),
})

/** What a host sets: `webhooks({ keepDays: 7 })`. */
export type WebhooksOptions = z.input<typeof webhooksOptions>
export type WebhooksConfig = z.output<typeof webhooksOptions>

/** The options for jobs, which are declared before there are any. */
export const WebhooksConfigured = defineService<WebhooksConfig>('webhooks.config')
