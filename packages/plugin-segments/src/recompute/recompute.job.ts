import { defineJob, uuidSchema } from '@clientele/core'
import * as z from 'zod'

/** Evaluates a segment for everybody. One that broke off goes on where it was. */
export const Recompute = defineJob('segments.recompute', z.object({ runId: uuidSchema }), {
  attempts: 5,
  concurrency: 1,
  timeoutMs: 24 * 3_600_000,
})
