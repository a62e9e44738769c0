import { Customer } from '@clientele/plugin-customers'
import { Orders } from '@clientele/plugin-orders'
import type { Cdp } from './clientele/clientele.ts'
import { SendReceipt } from './clientele/receipts.ts'
import { actorOf } from './clientele/shop-access.ts'
import type { Database } from './host/database.ts'
import { insertOrder, type Product, type ShopOrder } from './host/orders.ts'
import { payWithCredit, type User } from './host/users.ts'

export interface Basket {
  readonly product: Product
  readonly quantity: number
}

/**
 * Places an order. The shop's row, the customer and the order in Clientele, the receipt's job and the payment commit
 * together; when any of them fails, none of them has happened.
 */
export function checkout(
  { database, cdp }: { readonly database: Database; readonly cdp: Cdp },
  user: User,
  { product, quantity }: Basket,
): Promise<ShopOrder> {
  return cdp.hostTransaction(async (connection) => {
    const sql = database.on(connection)
    const order = await insertOrder(sql, user, product, quantity)
    await cdp.join(connection, { actor: actorOf(user) }, async (t) => {
      const customer = await t
        .repo(Customer)
        .upsert({ source: 'shop', externalId: user.id, email: user.email, firstName: user.name })
      const unitPrice = { amount: product.price, currency: 'EUR' }
      await t.get(Orders).create(t, {
        number: order.id,
        customerId: customer.id,
        state: 'paid',
        currency: 'EUR',
        lines: [{ sku: product.sku, name: product.name, quantity, unitPrice }],
      })
      await t.enqueue(SendReceipt, { orderId: order.id, email: user.email })
    })
    await payWithCredit(sql, user, order.total)
    return order
  })
}
