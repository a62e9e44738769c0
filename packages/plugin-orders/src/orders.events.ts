import { defineDomainEvent } from '@clientele/core'
import * as z from 'zod'

const order = z.object({ orderId: z.uuid(), customerId: z.uuid().nullable() })

/** An order exists. An order created as paid announces `orders.paid` as well. */
export const OrderPlaced = defineDomainEvent('orders.placed', order)
/** The order counts in its customer's metrics from here on. */
export const OrderPaid = defineDomainEvent('orders.paid', order)
export const OrderFulfilled = defineDomainEvent('orders.fulfilled', order)
/** The order counts no more. What was paid is refunded, announced by `orders.refunded`. */
export const OrderCancelled = defineDomainEvent('orders.cancelled', order)
export const OrderRefunded = defineDomainEvent(
  'orders.refunded',
  z.object({ refundId: z.uuid(), orderId: z.uuid().nullable(), customerId: z.uuid().nullable() }),
)
/** A batch of an import changed these; announced once instead of one event for each. */
export const OrdersImported = defineDomainEvent(
  'orders.imported',
  z.object({ orderIds: z.array(z.uuid()), refundIds: z.array(z.uuid()) }),
)
