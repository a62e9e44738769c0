import type { TablesOf } from '@clientele/core'
import type { CustomersTables } from '@clientele/plugin-customers'
import type { InventoryTables } from '@clientele/plugin-inventory'
import type { CustomerMetrics } from './customer-metrics/customer-metrics.entity.ts'
import type { OrderCounter } from './order/order-counter.entity.ts'
import type { Order, OrderLine } from './order/order.entity.ts'
import type { Refund } from './refund/refund.entity.ts'

/** What typed queries see of this plugin. */
export interface OrdersTables extends TablesOf<
  [typeof Order, typeof OrderLine, typeof OrderCounter, typeof Refund, typeof CustomerMetrics]
> {}

/** Its own tables and those below it. */
export interface CommerceTables extends OrdersTables, InventoryTables, CustomersTables {}
