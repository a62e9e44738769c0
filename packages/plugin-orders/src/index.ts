export type { BoughtLeaf } from './condition/bought.ts'
export type { BoughtBuilder, BoughtItem } from './condition/bought-builder.ts'
export * from './condition/builders.ts'
export type { BuiltRule, FigureBuilder } from './condition/figure-builder.ts'
export type { FigureLeaf } from './condition/figure-conditions.ts'
export type { OrderLeaf } from './condition/order-conditions.ts'
export type { PropertyRule } from './condition/where.ts'
export type { CustomerFigures } from './customer-metrics/customer-figures.ts'
export { CustomerMetrics, type CustomerMetricsRow } from './customer-metrics/customer-metrics.entity.ts'
export { Metrics, type MetricsService } from './customer-metrics/customer-metrics.service.ts'
export type { NewOrder, NewOrderLine } from './order/new-order.ts'
export type { ImportedOrder, ImportedOrders, OrderBatch } from './order/order-import.ts'
export type { ImportedLine } from './order/order-line-import.ts'
export { COUNTED_STATES, isCounted, NEXT_STATES, ORDER_STATES, type OrderState } from './order/order-state.ts'
export { Order, OrderLine, type OrderLineRow, type OrderRow } from './order/order.entity.ts'
export { Orders, type OrderDetails, type OrdersService } from './order/order.service.ts'
export { ordersErrors } from './orders.errors.ts'
export {
  OrderCancelled,
  OrderFulfilled,
  OrderPaid,
  OrderPlaced,
  OrderRefunded,
  OrdersImported,
} from './orders.events.ts'
export type { OrdersOptions } from './orders.options.ts'
export { orders, type OrdersApi, type OrdersShape } from './orders.plugin.ts'
export type { OrdersTables } from './orders.tables.ts'
export type { NewRefund } from './refund/new-refund.ts'
export type { ImportedRefund } from './refund/refund-import.ts'
export { REFUND_REASONS, type RefundReason } from './refund/refund-reason.ts'
export { Refund, type RefundRow } from './refund/refund.entity.ts'
export type { Period, PeriodInput, Span } from './report/period.ts'
export {
  Reports,
  type Dashboard,
  type Figure,
  type ProductFigures,
  type ProductSales,
  type ReportsService,
  type TopProducts,
} from './report/report.service.ts'
