import { Customer } from '@clientele/plugin-customers'
import { Orders } from '@clientele/plugin-orders'
import type { Cdp } from './clientele/clientele.ts'
import { SendReceipt } from './clientele/receipts.ts'
import { actorOf } from './clientele/shop-access.ts'
import type { Database } from './host/database.ts'
import { insertOrder, PRODUCTS, type ShopOrder } from './host/orders.ts'
import { payWithCredit, type User } from './host/users.ts'

/**
 * Places an order. The shop's row, the customer and the order in Clientele, the receipt's job and the payment commit
 * together; when any of them fails, none of them has happened.
 */
export function checkout(
  { database, cdp }: { readonly database: Database; readonly cdp: Cdp },
  user: User,
  { sku, quantity }: { readonly sku: string; readonly quantity: number },
): Promise<ShopOrder> {
  return cdp.hostTransaction(async (connection) => {
    const sql = database.on(connection)
    const order = await insertOrder(sql, user, sku, quantity)
    await cdp.join(connection, { actor: actorOf(user) }, async (t) => {
      const customer = await t
        .repo(Customer)
        .upsert({ source: 'shop', externalId: user.id, email: user.email, firstName: user.name })
      await t.get(Orders).create(t, {
        number: order.id,
        customerId: customer.id,
        state: 'paid',
        currency: 'EUR',
        lines: [
          {
            sku,
            quantity,
            name: PRODUCTS[sku]!.name,
            unitPrice: { amount: PRODUCTS[sku]!.price, currency: 'EUR' },
          },
        ],
      })
      await t.enqueue(SendReceipt, { orderId: order.id, email: user.email })
    })
    await payWithCredit(sql, user, order.total)
    return order
  })
}
