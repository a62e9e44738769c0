import { col, defineEntity } from '@clientele/core'

/** The last order number given to each tenant: one row, made with its first order. */
export const OrderCounter = defineEntity(
  'orderCounters',
  { name: col.text().unique(), value: col.integer() },
  { description: 'The last order number given out.' },
)
