import { expect, test } from 'vitest'
import { inventoryAdmin } from './inventory.admin.ts'
import { Product } from './product/product.entity.ts'
import { ProductStock } from './stock/stock.entity.ts'

test('every column of a product has a title in every language', () => {
  const columns = [
    ...Object.keys(Product.columns),
    ...Object.keys(ProductStock.columns).map((name) => `stock.${name}`),
  ]
  const { en = {}, ...others } = inventoryAdmin.words ?? {}
  expect(Object.keys(en)).toEqual(expect.arrayContaining(columns.map((name) => `field.products.${name}`)))
  for (const words of Object.values(others)) expect(Object.keys(words)).toEqual(Object.keys(en))
})
