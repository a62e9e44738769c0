import { ordersErrors } from '../orders.errors.ts'

/** In minor units, of an order, a line or a refund: the sums of a shop must stay numbers that count exactly. */
const LARGEST_AMOUNT = 10_000_000_000_000

/**
 * Refuses amounts that no sum could hold, in the order's currency or in the reporting one.
 * @throws `orders.amount_too_large`
 */
export function refuseTooLarge(...amounts: readonly number[]): void {
  for (const amount of amounts) {
    if (!(Math.abs(amount) <= LARGEST_AMOUNT)) {
      throw ordersErrors['orders.amount_too_large']({ amount, largest: LARGEST_AMOUNT })
    }
  }
}
