/** Why money was given back. `unmatched` is a refund whose order is not known. */
export const REFUND_REASONS = ['requested', 'damaged', 'adjustment', 'unmatched', 'other'] as const
/** One of {@link REFUND_REASONS}. */
export type RefundReason = (typeof REFUND_REASONS)[number]
