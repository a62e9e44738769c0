import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { inventory, type NewProduct } from '../index.ts'

const product = (sku: string, amount: number, more: Partial<NewProduct> = {}): NewProduct => ({
  sku,
  name: `Product ${sku}`,
  price: { amount, currency: 'EUR' },
  ...more,
})

eachStorage((storage) => {
  test('the inventory is filtered by price and by low stock', async () => {
    const { api } = (await createTestClientele({ storage, plugins: [inventory()] })).as()
    const cup = await api.inventory.createProduct({ body: product('CUP', 1000) })
    const jar = await api.inventory.createProduct({ body: product('JAR', 2000, { lowStockAt: 0 }) })
    const pot = await api.inventory.createProduct({ body: product('POT', 3000) })
    await api.inventory.adjust({ params: { id: jar.id }, body: { delta: 3, reason: 'received' } })
    await api.inventory.adjust({ params: { id: pot.id }, body: { delta: 6, reason: 'received' } })

    const skus = async (query: Record<string, string | number | boolean>): Promise<string[]> =>
      (await api.inventory.list({ query: { ...query, sort: 'sku' } })).items.map((item) => item.product.sku)
    expect(await skus({ 'price.gte': 2000, 'price.lte': 3000 })).toEqual(['JAR', 'POT'])
    expect(await skus({ lowStock: true })).toEqual(['CUP'])
    expect(await skus({ lowStock: false })).toEqual(['JAR', 'POT'])
    expect(await skus({ 'stock.quantity.gt': 3 })).toEqual(['POT'])
    expect(await api.inventory.list({ query: { lowStock: true, count: 'exact' } })).toMatchObject({
      total: 1,
      items: [{ product: { id: cup.id }, quantity: 0, lowStock: true }],
    })
  })

  test('the statistics add up active products in the reporting currency', async () => {
    const { api } = (await createTestClientele({ storage, plugins: [inventory()] })).as()
    const stock = [
      [product('CUP', 1000), 10],
      [product('JAR', 2000), 2],
      [product('POT', 3000), -4],
      [product('OLD', 9000, { status: 'archived' }), 100],
    ] as const
    for (const [body, delta] of stock) {
      const { id } = await api.inventory.createProduct({ body })
      await api.inventory.adjust({ params: { id }, body: { delta, reason: 'counted' } })
    }
    expect(await api.inventory.stats()).toEqual({
      products: 3,
      units: 12,
      valuation: { amount: 14_000, currency: 'EUR' },
      lowStock: 2,
      outOfStock: 1,
    })
  })

  test('a stock level is the sum of its movements, also of those made at once', async () => {
    const t = await createTestClientele({ storage, plugins: [inventory()] })
    const { api } = t.as()
    const { id } = await api.inventory.createProduct({ body: product('CUP', 1000) })
    const deltas = [5, -2, 8, -1, 3]
    await Promise.all(
      deltas.map((delta) => api.inventory.adjust({ params: { id }, body: { delta, reason: 'other' } })),
    )
    const { quantity, movements } = await api.inventory.get({ params: { id } })
    expect(quantity).toBe(13)
    expect(new Set(movements.map((one) => one.delta))).toEqual(new Set(deltas))
    expect(movements).toHaveLength(5)
    expect(movements.map((one) => one.quantityAfter)).toContain(13)
    expect(t.recorder.changes.filter((change) => change.entity.name === 'stockMovements')).toHaveLength(5)
  })
})

test('the low-stock filter is a word in the query string', async () => {
  const t = await createTestClientele({ plugins: [inventory()] })
  await t.as().api.inventory.createProduct({ body: product('CUP', 1000) })
  expect((await t.fetch('/api/v1/inventory?lowStock=true')).json.items).toHaveLength(1)
  expect((await t.fetch('/api/v1/inventory?lowStock=false')).json.items).toHaveLength(0)
  expect((await t.fetch('/api/v1/inventory?lowStock=perhaps')).status).toBe(400)
})

test('the tenant says what is low for products that say nothing', async () => {
  const t = await createTestClientele({ plugins: [inventory()] })
  await t.as().api.inventory.createProduct({ body: product('CUP', 1000) })
  const answer = await t.fetch('/api/v1/settings/inventory', { method: 'PATCH', body: { lowStockAt: 0 } })
  expect(answer.status).toBe(200)
  expect(await t.as().api.inventory.stats()).toMatchObject({ lowStock: 1, outOfStock: 1 })
})

test('a product code is taken once, until its product is removed', async () => {
  const t = await createTestClientele({ plugins: [inventory()] })
  const { api } = t.as()
  const { id } = await api.inventory.createProduct({ body: product('CUP', 1000) })
  const again = await t.fetch('/api/v1/products', { method: 'POST', body: product('CUP', 5) })
  expect(again.status).toBe(409)
  expect(again.json).toMatchObject({ code: 'entity.conflict', params: { fields: ['sku'] } })
  await api.inventory.removeProduct({ params: { id } })
  await api.inventory.createProduct({ body: product('CUP', 5) })
})

test('an adjustment of nothing and one of an unknown product are refused', async () => {
  const t = await createTestClientele({ plugins: [inventory()] })
  const { id } = await t.as().api.inventory.createProduct({ body: product('CUP', 1000) })
  const post = (of: string, delta: number): Promise<{ status: number }> =>
    t.fetch(`/api/v1/inventory/${of}/adjustments`, { method: 'POST', body: { delta, reason: 'other' } })
  expect((await post(id, 0)).status).toBe(400)
  expect((await post('00000000-0000-7000-8000-000000000000', 1)).status).toBe(404)
})
