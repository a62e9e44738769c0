import { columnConditions, ConditionTypes } from '@clientele/conditions'
import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { CustomerDetails, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { commerceConditions } from './condition/commerce-conditions.ts'
import { aheadSubscribers, touchHappened } from './condition/future-orders.ts'
import { factSubscribers, touchBuyers } from './condition/touched-facts.ts'
import { CustomerMetrics } from './customer-metrics/customer-metrics.entity.ts'
import { mergeHandlers } from './customer-metrics/customer-merges.ts'
import { createMetricsService, Metrics } from './customer-metrics/customer-metrics.service.ts'
import { m0001Orders } from './migrations/0001-orders.ts'
import { m0002LineCodes } from './migrations/0002-line-codes.ts'
import { customerOrders } from './order/customer-orders.ts'
import { OrderCounter } from './order/order-counter.entity.ts'
import { Order, OrderLine } from './order/order.entity.ts'
import { orderRoutes } from './order/order.routes.ts'
import { orderFacts } from './order/order-facts.ts'
import { createOrdersService, Orders } from './order/order.service.ts'
import { ordersAdmin } from './orders.admin.ts'
import { ordersErrors } from './orders.errors.ts'
import {
  OrderCancelled,
  OrderFulfilled,
  OrderPaid,
  OrderPlaced,
  OrderRefunded,
  OrdersImported,
} from './orders.events.ts'
import { ordersOptions, type OrdersOptions } from './orders.options.ts'
import type { OrdersTables } from './orders.tables.ts'
import { Refund } from './refund/refund.entity.ts'
import { reportRoutes } from './report/report.routes.ts'
import { createReportsService, Reports } from './report/report.service.ts'

const impl = definePlugin({
  id: 'orders',
  version: '0.1.0',
  requires: { core: '^0.1.0', plugins: { customers: '^0.1.0', inventory: '^0.1.0' } },
  dependsOn: [customers, inventory],
  options: ordersOptions,
  entities: [Order, OrderLine, OrderCounter, Refund, CustomerMetrics],
  migrations: { '0001-orders': m0001Orders, '0002-line-codes': m0002LineCodes },
  permissions: {
    'orders:read': { label: 'See orders', roles: ['admin', 'editor', 'viewer'] },
    'orders:write': { label: 'Place orders, change their state and refund them', roles: ['admin', 'editor'] },
    'metrics:read': { label: 'See figures and reports', roles: ['admin', 'editor', 'viewer'] },
  },
  errors: ordersErrors,
  services: (options) => [
    provide(Orders, { factory: () => createOrdersService(options) }),
    provide(Metrics, { factory: () => createMetricsService(options.tiers) }),
    provide(Reports, { factory: createReportsService }),
  ],
  admin: ordersAdmin,
  routes: { ...orderRoutes, ...reportRoutes },
  changes: [...factSubscribers, ...aheadSubscribers],
  handlers: [...mergeHandlers, ...orderFacts],
  jobs: [touchBuyers, touchHappened],
  events: [OrderPlaced, OrderPaid, OrderFulfilled, OrderCancelled, OrderRefunded, OrdersImported],
  contributes: [
    CustomerDetails.add(customerOrders),
    ConditionTypes.add(columnConditions('metric', CustomerMetrics)),
    ...commerceConditions.map((type) => ConditionTypes.add(type)),
  ],
})

/** The plugin's routes as typed calls. */
export interface OrdersApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface OrdersShape {
  readonly id: 'orders'
  readonly tables: OrdersTables
  readonly api: OrdersApi
}

/** Orders, refunds, what customers spend, and the tiers that follow from it. */
export const orders: ((options?: OrdersOptions) => Plugin<OrdersShape>) & { readonly pluginId: 'orders' } =
  impl
