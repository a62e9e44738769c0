import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The tables as they were at this version; the entities may move on, these may not.
const customers = defineEntity('customers', {}, { subject: true, softDelete: true })
const products = defineEntity('products', {}, { softDelete: true })
const subject = { onMerge: 'move', onErase: 'anonymise' } as const

const orders = defineEntity(
  'orders',
  {
    number: col.text().unique(),
    customerId: col.ref(() => customers, subject).nullable(),
    state: col.enum(['pending', 'paid', 'fulfilled', 'cancelled']).default('pending'),
    placedAt: col.timestamp(),
    paidAt: col.timestamp().nullable(),
    fulfilledAt: col.timestamp().nullable(),
    cancelledAt: col.timestamp().nullable(),
    total: col.money(),
    baseTotal: col.amount(),
    refundedTotal: col.amount().default(0),
    itemCount: col.integer(z.number()).default(0),
    country: col.text().nullable(),
  },
  {
    importable: true,
    indexes: [{ on: ['customerId', 'placedAt'] }, { on: ['state', 'placedAt'] }, { on: ['placedAt'] }],
  },
)

const orderLines: TableDefinition = {
  name: 'orderLines',
  columns: {
    orderId: col.ref(() => orders, { onDelete: 'cascade' }),
    lineNumber: col.integer(),
    productId: col.ref(() => products).nullable(),
    sku: col.text(),
    name: col.text(),
    quantity: col.integer(),
    unitPrice: col.money(),
    total: col.money(),
    baseTotal: col.amount(),
  },
  options: { indexes: [{ on: ['orderId', 'lineNumber'], unique: true }] },
}

const orderCounters: TableDefinition = {
  name: 'orderCounters',
  columns: { name: col.text().unique(), value: col.integer() },
}

const refunds: TableDefinition = {
  name: 'refunds',
  columns: {
    orderId: col.ref(() => orders).nullable(),
    customerId: col.ref(() => customers, subject).nullable(),
    amount: col.money(),
    baseAmount: col.amount(),
    reason: col.enum(['requested', 'damaged', 'adjustment', 'unmatched', 'other']).default('requested'),
    note: col.text().nullable(),
    refundedAt: col.timestamp(),
  },
  options: { importable: true, indexes: [{ on: ['customerId', 'refundedAt'] }, { on: ['refundedAt'] }] },
}

const customerMetrics: TableDefinition = {
  name: 'customerMetrics',
  columns: {
    orderCount: col.integer().default(0),
    grossSpend: col.amount().default(0),
    totalSpend: col.amount().default(0),
    averageOrderValue: col.amount().default(0),
    firstOrderAt: col.timestamp().nullable(),
    lastOrderAt: col.timestamp().nullable(),
    tier: col.text().nullable(),
  },
  options: {
    indexes: [{ on: ['totalSpend'] }, { on: ['orderCount'] }, { on: ['lastOrderAt'] }, { on: ['tier'] }],
  },
  extension: { base: customers, as: 'metrics' },
}

export const m0001Orders: Migration = {
  async up(m) {
    for (const table of [orders, orderLines, orderCounters, refunds, customerMetrics])
      await m.createTable(table)
  },
  async down(m) {
    for (const name of ['customerMetrics', 'refunds', 'orderCounters', 'orderLines', 'orders']) {
      await m.dropTable(name)
    }
  },
}
