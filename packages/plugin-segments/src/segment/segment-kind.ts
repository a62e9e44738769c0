/**
 * - `dynamic`: follows the facts, at every instant
 * - `static`: whoever met the condition at the last evaluation
 * - `snapshot`: whoever met it once; never evaluated again
 * - `manual`: whoever was put in by hand
 */
export const segmentKinds = ['dynamic', 'static', 'snapshot', 'manual'] as const
/** One of {@link segmentKinds}. */
export type SegmentKind = (typeof segmentKinds)[number]

/** `computing`: being recomputed; `failed`: the last recompute broke off, so some members may be missing. */
export const segmentStatuses = ['computing', 'live', 'failed'] as const
/** One of {@link segmentStatuses}. */
export type SegmentStatus = (typeof segmentStatuses)[number]
