import { col, defineEntity, type RowOf } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import { Product } from '@clientele/plugin-inventory'
import * as z from 'zod'
import { ORDER_STATES } from './order-state.ts'

const count = z.number().int().min(-1_000_000_000).max(1_000_000_000)

/** A purchase. Amounts in the reporting currency are converted once, when the order is written. */
export const Order = defineEntity(
  'orders',
  {
    number: col
      .text(z.string().min(1).max(100))
      .unique()
      .filterable()
      .sortable()
      .searchable()
      .describe('What people call it: 1001'),
    customerId: col
      .ref(() => Customer, { onMerge: 'move', onErase: 'anonymise' })
      .nullable()
      .filterable()
      .describe('Null for a guest'),
    state: col.enum(ORDER_STATES).default('pending').filterable().sortable(),
    placedAt: col.timestamp().filterable().sortable(),
    paidAt: col.timestamp().nullable(),
    fulfilledAt: col.timestamp().nullable(),
    cancelledAt: col.timestamp().nullable(),
    total: col.money().filterable().sortable(),
    baseTotal: col.amount().filterable().sortable().describe('The total in the reporting currency'),
    refundedTotal: col.amount().default(0).filterable().describe('Given back, in the reporting currency'),
    itemCount: col.integer(count).default(0).filterable(),
    country: col.text(z.string().max(100)).nullable().filterable().sortable(),
  },
  {
    label: 'number',
    importable: true,
    live: { read: 'orders:read' },
    indexes: [{ on: ['customerId', 'placedAt'] }, { on: ['state', 'placedAt'] }, { on: ['placedAt'] }],
    description: 'A purchase.',
  },
)

/** A line of an order, with the name and price of that day. */
export const OrderLine = defineEntity(
  'orderLines',
  {
    orderId: col.ref(() => Order, { onDelete: 'cascade' }).filterable(),
    lineNumber: col.integer(count),
    productId: col
      .ref(() => Product)
      .nullable()
      .filterable()
      .describe('Null for what is no product of the shop: postage, a fee'),
    sku: col.text(z.string().max(100)),
    name: col.text(z.string().max(300)),
    quantity: col.integer(count),
    unitPrice: col.money(),
    total: col.money(),
    baseTotal: col.amount().describe('The line’s total in the reporting currency'),
  },
  {
    indexes: [{ on: ['orderId', 'lineNumber'], unique: true }, { on: ['sku', 'orderId', 'quantity'] }],
    description: 'A line of an order.',
  },
)

/** An order as `t.repo` and the wire show one, without its lines. */
export interface OrderRow extends RowOf<typeof Order> {}
/** A line of an order as `t.repo` and the wire show one. */
export interface OrderLineRow extends RowOf<typeof OrderLine> {}
