import type { OrderLine } from './order.ts'

/** One sum of an order. */
export interface Part {
  readonly kind: 'products' | 'further' | 'discounts'
  readonly amount: number
}

/**
 * What a total is made of: products; what is no product of the shop, as postage, fees and taxes are; and what was taken
 * off. Nothing when one part is all of it.
 */
export function partsOf(lines: readonly OrderLine[]): readonly Part[] {
  const sums = { products: 0, further: 0, discounts: 0 }
  for (const { productId, total } of lines) {
    const kind = total.amount < 0 ? 'discounts' : productId === null ? 'further' : 'products'
    sums[kind] += total.amount
  }
  const parts = Object.entries(sums)
    .filter(([, amount]) => amount !== 0)
    .map(([kind, amount]) => ({ kind, amount }) as Part)
  return parts.length > 1 ? parts : []
}
