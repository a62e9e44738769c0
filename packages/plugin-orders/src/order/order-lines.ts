import type { Ctx, Money } from '@clientele/core'
import { Product } from '@clientele/plugin-inventory'
import { ordersErrors } from '../orders.errors.ts'
import { refuseTooLarge } from './largest-amount.ts'
import type { NewOrderLine } from './new-order.ts'

export interface PricedLine {
  readonly lineNumber: number
  readonly productId: string | null
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unitPrice: Money
  readonly total: Money
}

/**
 * Numbers the lines from 1 and fills in name, code and price of their products.
 * @throws `entity.not_found`, `orders.incomplete_line`, `orders.foreign_currency`, `orders.amount_too_large`
 */
export async function priceLines(
  ctx: Ctx,
  lines: readonly NewOrderLine[],
  currency: string,
): Promise<PricedLine[]> {
  const priced: PricedLine[] = []
  for (const [index, line] of lines.entries()) {
    priced.push(await priceLine(ctx, line, index + 1, currency))
  }
  return priced
}

async function priceLine(
  ctx: Ctx,
  line: NewOrderLine,
  lineNumber: number,
  currency: string,
): Promise<PricedLine> {
  const productId = line.productId ?? null
  const product = productId === null ? null : await ctx.repo(Product).get(productId)
  const sku = line.sku ?? product?.sku
  const name = line.name ?? product?.name
  const unitPrice = line.unitPrice ?? product?.price
  if (sku === undefined || name === undefined || unitPrice === undefined) {
    const missing = Object.entries({ sku, name, unitPrice }).flatMap(([key, value]) => (value ? [] : [key]))
    throw ordersErrors['orders.incomplete_line']({ line: lineNumber, missing })
  }
  if (unitPrice.currency !== currency) {
    throw ordersErrors['orders.foreign_currency']({ currency: unitPrice.currency, expected: currency })
  }
  const total = { amount: unitPrice.amount * line.quantity, currency }
  refuseTooLarge(total.amount)
  return { lineNumber, productId, sku, name, quantity: line.quantity, unitPrice, total }
}
