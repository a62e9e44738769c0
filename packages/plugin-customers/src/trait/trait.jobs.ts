import { defineJob } from '@clientele/core'
import * as z from 'zod'

/** Makes the indexes over traits those that tenants ask for. */
export const KeepTraitIndexes = defineJob('customers.keepTraitIndexes', z.object({}), {
  timeoutMs: 60 * 60_000,
})
