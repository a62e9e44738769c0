import { keep, kept } from '@clientele/admin-sdk'

/** What somebody types to give money back. */
export interface RefundDraft {
  readonly amount: string
  readonly reason: string
  readonly note: string
}

/** What was typed for an order and not sent, in this window. */
export function keptDraft(orderId: string): RefundDraft | null {
  return kept(`refund.${orderId}`) as RefundDraft | null
}

/** Keeps it; null forgets it. */
export function keepDraft(orderId: string, draft: RefundDraft | null): void {
  keep(`refund.${orderId}`, draft)
}
