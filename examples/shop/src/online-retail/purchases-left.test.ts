import { expect, test } from 'vitest'
import { PurchasesLeft } from './purchases-left.ts'

test('a refund belongs to the latest order with pieces left', () => {
  const purchases = new PurchasesLeft()
  purchases.bought('ana', 'CUP', '1', 4)
  purchases.bought('ana', 'CUP', '2', 2)
  expect(purchases.gaveBack('ana', 'CUP', 1)).toBe('2')
  expect(purchases.gaveBack('ana', 'CUP', 2)).toBe('2')
  expect(purchases.gaveBack('ana', 'CUP', 1)).toBe('1')
})

test('who gives back more than was bought has nothing left, and owes nothing', () => {
  const purchases = new PurchasesLeft()
  purchases.bought('ana', 'CUP', '1', 4)
  expect(purchases.gaveBack('ana', 'CUP', 9)).toBe('1')
  expect(purchases.gaveBack('ana', 'CUP', 1)).toBe(null)
  purchases.bought('ana', 'CUP', '2', 1)
  expect(purchases.gaveBack('ana', 'CUP', 1)).toBe('2')
})

test('nobody gives back what somebody else bought', () => {
  const purchases = new PurchasesLeft()
  purchases.bought('ana', 'CUP', '1', 4)
  expect(purchases.gaveBack('ben', 'CUP', 1)).toBe(null)
  expect(purchases.gaveBack('ana', 'JAR', 1)).toBe(null)
})
