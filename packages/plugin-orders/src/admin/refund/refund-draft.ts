import { session } from '@clientele/admin-sdk'

/** What somebody types to give money back. */
export interface RefundDraft {
  readonly amount: string
  readonly reason: string
  readonly note: string
}

/** What was typed for an order and not sent, in this window. */
export function keptDraft(orderId: string): RefundDraft | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(orderId)) ?? 'null') as RefundDraft | null
  } catch {
    return null
  }
}

/** Keeps it; null forgets it. */
export function keepDraft(orderId: string, draft: RefundDraft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(keyOf(orderId))
    else sessionStorage.setItem(keyOf(orderId), JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing loses it when the dialog closes, and nothing else.
  }
}

function keyOf(orderId: string): string {
  const { tenant, actor } = session.value ?? {}
  return `clientele.refund.${tenant?.id}.${actor?.id}.${orderId}`
}
