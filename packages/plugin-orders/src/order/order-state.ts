/**
 * pending    placed, not paid
 * paid       paid, not yet with the customer
 * fulfilled  handed over; the end of a good order
 * cancelled  given up; what was paid has been refunded
 */
export const ORDER_STATES = ['pending', 'paid', 'fulfilled', 'cancelled'] as const
/** One of {@link ORDER_STATES}. */
export type OrderState = (typeof ORDER_STATES)[number]

/** Where an order may go from each state. */
export const NEXT_STATES: Readonly<Record<OrderState, readonly OrderState[]>> = {
  pending: ['paid', 'cancelled'],
  paid: ['fulfilled', 'cancelled'],
  fulfilled: [],
  cancelled: [],
}

/** The states whose orders count in metrics, reports and money conditions: money was received and kept. */
export const COUNTED_STATES = ['paid', 'fulfilled'] as const satisfies readonly OrderState[]

/** True for states whose orders count in metrics. */
export function isCounted(state: OrderState): boolean {
  return (COUNTED_STATES as readonly OrderState[]).includes(state)
}
