import type { Shop } from '../../examples/shop/src/shop.ts'

const STATES = ['paid', 'fulfilled', 'pending', 'paid'] as const
const PRODUCTS = [
  { sku: 'CUP', name: 'Cup', price: { amount: 990, currency: 'EUR' } },
  { sku: 'JAR', name: 'Storage jar with a lid of cork', price: { amount: 1250, currency: 'EUR' } },
  { sku: 'TEA', name: 'Darjeeling', price: { amount: 1875, currency: 'EUR' } },
] as const
const ORDERS = 40
const DAY = 86_400_000

/**
 * Orders 1001 to 1040 of the first customers, one a day up to now: of all states, with postage, discounts and guests. 1040
 * is the latest: paid, of `person-0@example.com`, two jars with postage and a discount.
 */
export async function fillOrders(shop: Shop): Promise<void> {
  const { api } = shop.as()
  const { items } = await api.customers.list({ query: { limit: 10, sort: 'email' } })
  const buyers = items.filter(({ email }) => email?.endsWith('@example.com'))
  const products = await Promise.all(PRODUCTS.map((body) => api.inventory.createProduct({ body })))
  for (let n = 0; n < ORDERS; n++) {
    const isLast = n === ORDERS - 1
    const buyer = isLast ? buyers[0] : buyers[n % 9]
    const placed = await api.orders.create({
      body: {
        customerId: n % 7 === 3 ? null : (buyer?.id ?? null),
        state: isLast ? 'paid' : STATES[n % STATES.length]!,
        placedAt: new Date(Date.now() - (ORDERS - n) * DAY).toISOString(),
        country: 'PT',
        lines: [
          { productId: products[isLast ? 1 : n % products.length]!.id, quantity: 1 + (isLast ? 1 : n % 4) },
          { sku: 'POST', name: 'Postage', quantity: 1, unitPrice: { amount: 490, currency: 'EUR' } },
          ...(n % 3 === 0
            ? [{ sku: 'TEN', name: 'Welcome', quantity: 1, unitPrice: { amount: -100, currency: 'EUR' } }]
            : []),
        ],
      },
    })
    if (n === 10) await api.orders.cancel({ params: { id: placed.order.id } })
  }
}
