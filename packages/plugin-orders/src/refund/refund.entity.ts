import { col, defineEntity, type RowOf } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import * as z from 'zod'
import { Order } from '../order/order.entity.ts'
import { REFUND_REASONS } from './refund-reason.ts'

/** Money given back, for an order or, carried over from elsewhere, without one. */
export const Refund = defineEntity(
  'refunds',
  {
    orderId: col
      .ref(() => Order)
      .nullable()
      .filterable(),
    customerId: col
      .ref(() => Customer, { onMerge: 'move', onErase: 'anonymise' })
      .nullable()
      .filterable(),
    amount: col.money().filterable().describe('Above zero; an imported adjustment may be below'),
    baseAmount: col.amount().describe('The amount in the reporting currency'),
    reason: col.enum(REFUND_REASONS).default('requested').filterable(),
    note: col.text(z.string().max(1000)).nullable(),
    refundedAt: col.timestamp().filterable().sortable(),
  },
  {
    importable: true,
    indexes: [{ on: ['customerId', 'refundedAt'] }, { on: ['refundedAt'] }],
    description: 'Money given back.',
  },
)

/** A refund as `t.repo` and the wire show one. */
export interface RefundRow extends RowOf<typeof Refund> {}
