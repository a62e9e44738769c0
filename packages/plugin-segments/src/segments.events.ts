import { defineDomainEvent, uuidSchema } from '@clientele/core'
import * as z from 'zod'

const change = z.object({ segmentId: uuidSchema, customerId: uuidSchema })

/** A customer came into a live segment: by a fact, by the time, or by hand. Recomputes are announced as a whole. */
export const SegmentEntered = defineDomainEvent('segments.entered', change)

/** A customer left a live segment. */
export const SegmentLeft = defineDomainEvent('segments.left', change)

/**
 * Everybody was evaluated: the segment is live. Whoever came or went by it is listed under the run, page by page, and
 * was not announced one by one.
 */
export const SegmentRecomputed = defineDomainEvent(
  'segments.recomputed',
  z.object({
    segmentId: uuidSchema,
    runId: uuidSchema,
    entered: z.number().int(),
    left: z.number().int(),
  }),
)
