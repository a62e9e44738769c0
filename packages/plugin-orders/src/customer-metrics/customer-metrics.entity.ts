import { col, extendEntity, type RowOf } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import * as z from 'zod'

/**
 * What a customer's orders add up to, in the reporting currency. Only paid and fulfilled orders count; pending and
 * cancelled ones do not. Exact: the transaction that changes an order changes its customer's metrics.
 */
export const CustomerMetrics = extendEntity(
  Customer,
  'customerMetrics',
  {
    orderCount: col.integer().default(0).filterable().sortable().segmentable(),
    grossSpend: col.amount().default(0).filterable().sortable().segmentable().describe('Paid'),
    totalSpend: col.amount().default(0).filterable().sortable().segmentable().describe('Paid less refunded'),
    averageOrderValue: col
      .amount()
      .default(0)
      .filterable()
      .sortable()
      .segmentable()
      .describe('Gross spend by order'),
    firstOrderAt: col.timestamp().nullable().filterable().sortable().segmentable(),
    lastOrderAt: col.timestamp().nullable().filterable().sortable().segmentable(),
    tier: col
      .text(z.string().max(50))
      .nullable()
      .filterable()
      .sortable()
      .segmentable()
      .describe('By the plugin’s rules; null before the first order'),
  },
  {
    as: 'metrics',
    indexes: [{ on: ['totalSpend'] }, { on: ['orderCount'] }, { on: ['lastOrderAt'] }, { on: ['tier'] }],
    description: 'What a customer’s orders add up to.',
  },
)

/** A customer's metrics as `t.repo` shows them. */
export interface CustomerMetricsRow extends RowOf<typeof CustomerMetrics> {}
