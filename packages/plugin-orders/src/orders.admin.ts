import type { AdminContribution } from '@clientele/core'
import { en } from './admin-words/en.ts'
import { pt } from './admin-words/pt.ts'
import { CustomerMetrics } from './customer-metrics/customer-metrics.entity.ts'

/** The panel of orders, the orders of a customer in the customer's drawer, and what the shop sold in 30 days. */
export const ordersAdmin: AdminContribution = {
  files: new URL('../dist/admin/', import.meta.url),
  panels: [
    {
      id: 'orders',
      path: '/orders',
      title: 'orders.nav',
      icon: 'cart',
      section: 'sell',
      order: 10,
      permission: 'orders:read',
      shows: { export: 'Orders' },
    },
  ],
  slots: [
    {
      slot: 'customers.orders',
      id: 'orders.customer',
      order: 10,
      permission: 'orders:read',
      export: 'CustomerOrders',
    },
    {
      slot: 'dashboard',
      id: 'orders.sales',
      order: 10,
      permission: 'metrics:read',
      export: 'SalesChart',
    },
  ],
  columns: [
    { extension: CustomerMetrics, field: 'tier', width: 86, format: 'badge', order: 10 },
    { extension: CustomerMetrics, field: 'orderCount', width: 74, order: 11 },
    { extension: CustomerMetrics, field: 'totalSpend', width: 106, order: 12 },
  ],
  details: [
    { extension: CustomerMetrics, field: 'tier', format: 'badge', order: 10 },
    { extension: CustomerMetrics, field: 'totalSpend', place: 'figure', isSum: true, order: 10 },
    { extension: CustomerMetrics, field: 'orderCount', place: 'figure', isSum: true, order: 11 },
    {
      extension: CustomerMetrics,
      field: 'averageOrderValue',
      place: 'figure',
      isEmptyAtZero: true,
      order: 12,
    },
    { extension: CustomerMetrics, field: 'lastOrderAt', place: 'figure', format: 'ago', order: 13 },
  ],
  stats: [
    {
      id: 'orders.sales',
      title: 'orders.stat.sales',
      source: '/api/v1/metrics/dashboard?period=30d',
      value: 'sales.value',
      format: 'money',
      to: '/orders',
      order: 10,
      permission: 'metrics:read',
    },
    {
      id: 'orders.count',
      title: 'orders.stat.orders',
      source: '/api/v1/metrics/dashboard?period=30d',
      value: 'orders.value',
      to: '/orders',
      order: 11,
      permission: 'metrics:read',
    },
    {
      id: 'orders.average',
      title: 'orders.stat.average',
      source: '/api/v1/metrics/dashboard?period=30d',
      value: 'averageOrderValue.value',
      format: 'money',
      to: '/orders',
      order: 12,
      permission: 'metrics:read',
    },
  ],
  commands: [
    {
      id: 'orders.unpaid',
      title: 'orders.command.unpaid',
      to: '/orders?state=pending',
      icon: 'cart',
      permission: 'orders:read',
    },
    {
      id: 'orders.to_fulfil',
      title: 'orders.command.to_fulfil',
      to: '/orders?state=paid',
      icon: 'box',
      permission: 'orders:read',
    },
  ],
  words: { en, pt },
}
