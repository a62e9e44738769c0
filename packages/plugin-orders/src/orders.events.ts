import { defineDomainEvent, uuidSchema } from '@clientele/core'
import * as z from 'zod'

const order = z.object({ orderId: uuidSchema, customerId: uuidSchema.nullable() })

/** An order exists. An order created as paid announces `orders.paid` as well. */
export const OrderPlaced = defineDomainEvent('orders.placed', order)
/** The order counts in its customer's metrics from here on. */
export const OrderPaid = defineDomainEvent('orders.paid', order)
/** The order has been handed over. */
export const OrderFulfilled = defineDomainEvent('orders.fulfilled', order)
/** The order counts no more. What was paid is refunded, announced by `orders.refunded`. */
export const OrderCancelled = defineDomainEvent('orders.cancelled', order)
/** Money was given back, for an order or without one. */
export const OrderRefunded = defineDomainEvent(
  'orders.refunded',
  z.object({ refundId: uuidSchema, orderId: uuidSchema.nullable(), customerId: uuidSchema.nullable() }),
)
/** A batch of an import changed these; announced once instead of one event for each. */
export const OrdersImported = defineDomainEvent(
  'orders.imported',
  z.object({ orderIds: z.array(uuidSchema), refundIds: z.array(uuidSchema) }),
)
