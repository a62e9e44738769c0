import { expect, test } from 'vitest'
import type { OrderLine } from './order.ts'
import { partsOf } from './totals.ts'

const line = (amount: number, productId: string | null = null): OrderLine => ({
  id: String(amount),
  productId,
  sku: 'A',
  name: 'A',
  quantity: 1,
  unitPrice: { amount, currency: 'EUR' },
  total: { amount, currency: 'EUR' },
})

test('a total is made of products, of what is none, and of what was taken off', () => {
  expect(partsOf([line(2500, 'cup'), line(490), line(500, 'jar'), line(-100), line(-50, 'cup')])).toEqual([
    { kind: 'products', amount: 3000 },
    { kind: 'further', amount: 490 },
    { kind: 'discounts', amount: -150 },
  ])
})

test('one part that is all of it says nothing that the total does not', () => {
  expect(partsOf([line(2500, 'cup'), line(500, 'jar')])).toEqual([])
  expect(partsOf([])).toEqual([])
})
