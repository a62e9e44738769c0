import { money, type Money } from '@clientele/core'
import type { ImportedMovement } from '@clientele/plugin-inventory'
import type { ImportedLine, ImportedOrder, ImportedRefund, RefundReason } from '@clientele/plugin-orders'
import { isProductCode, type Invoice } from './invoice.ts'
import type { PurchasesLeft } from './purchases-left.ts'
import type { Row } from './read-rows.ts'

/** The shop sells in pounds. */
export const CURRENCY = 'GBP'

/** The ids that customers and products of the file have in the database. */
export interface KnownIds {
  readonly customers: ReadonlyMap<string, string>
  /** By code in capitals: the file writes 85123a and 85123A. */
  readonly products: ReadonlyMap<string, string>
}

/** What invoices become. */
export interface Batch {
  readonly orders: ImportedOrder[]
  readonly refunds: ImportedRefund[]
  readonly movements: ImportedMovement[]
}

/**
 * For each row of a batch that is a refund, the order it belongs to. Asked once per row and in the file's order, so it
 * is kept apart from {@link toBatch}, which a transaction may run again.
 */
export function matchRefunds(
  invoices: readonly Invoice[],
  purchases: PurchasesLeft,
): Map<Row, string | null> {
  const orderOf = new Map<Row, string | null>()
  for (const { number, kind, customer, rows } of invoices) {
    if (customer === null) continue
    for (const row of rows) {
      const code = row.code.toUpperCase()
      if (kind === 'order') purchases.bought(customer, code, number, row.quantity)
      if (kind === 'refund') orderOf.set(row, purchases.gaveBack(customer, code, -row.quantity))
    }
  }
  return orderOf
}

/** Invoices as orders, refunds and stock movements: every row becomes exactly one line, refund or movement. */
export function toBatch(
  invoices: readonly Invoice[],
  ids: KnownIds,
  orderOf: ReadonlyMap<Row, string | null>,
): Batch {
  const batch: Batch = { orders: [], refunds: [], movements: [] }
  for (const invoice of invoices) {
    if (invoice.kind === 'order') batch.orders.push(toOrder(invoice, ids))
    else if (invoice.kind === 'correction') batch.movements.push(...toMovements(invoice, ids))
    else batch.refunds.push(...toRefunds(invoice, ids, orderOf))
  }
  return batch
}

function toOrder({ number, at, customer, country, rows }: Invoice, ids: KnownIds): ImportedOrder {
  const lines = rows.map((row, index): ImportedLine => ({
    lineNumber: index + 1,
    productId: isProductCode(row.code) ? idOf(ids.products, row.code.toUpperCase()) : null,
    sku: row.code,
    name: row.description || row.code,
    quantity: row.quantity,
    unitPrice: Math.round(row.price * 100),
    total: pence(row),
  }))
  return {
    externalId: number,
    customerId: customer === null ? null : idOf(ids.customers, customer),
    placedAt: at,
    country,
    currency: CURRENCY,
    lines,
  }
}

function toRefunds(
  { number, at, customer, kind, rows }: Invoice,
  ids: KnownIds,
  orderOf: ReadonlyMap<Row, string | null>,
): ImportedRefund[] {
  return rows.map((row, index) => {
    const orderExternalId = orderOf.get(row) ?? null
    return {
      externalId: rowKey(number, index),
      orderExternalId,
      customerId: customer === null ? null : idOf(ids.customers, customer),
      amount: givenBack(row),
      reason: reasonOf(kind, customer, orderExternalId),
      note: `${-row.quantity} × ${row.code} ${row.description}`.trim(),
      refundedAt: at,
    }
  })
}

/** `unmatched` is for a known customer: of a guest nobody could know the order. */
function reasonOf(kind: Invoice['kind'], customer: string | null, order: string | null): RefundReason {
  if (kind === 'adjustment') return 'adjustment'
  if (order !== null) return 'requested'
  return customer === null ? 'other' : 'unmatched'
}

function toMovements({ number, at, rows }: Invoice, ids: KnownIds): ImportedMovement[] {
  return rows.map((row, index) => ({
    externalId: rowKey(number, index),
    productId: idOf(ids.products, row.code.toUpperCase()),
    delta: row.quantity,
    reason: /damage|wet|broken|smashed|crushed|thrown|unsale?able|mouldy/i.test(row.description)
      ? 'damaged'
      : 'counted',
    note: row.description || null,
    movedAt: at,
  }))
}

function rowKey(invoice: string, index: number): string {
  return `${invoice}-${index + 1}`
}

function givenBack(row: Row): Money {
  return money(-pence(row), CURRENCY)
}

// Of the product, not of the price: 0.001 a piece is nothing for one piece, and something for ten.
function pence({ quantity, price }: Row): number {
  return Math.round(quantity * price * 100)
}

function idOf(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key)
  if (id === undefined) throw new Error(`"${key}" was not imported before what refers to it`)
  return id
}
