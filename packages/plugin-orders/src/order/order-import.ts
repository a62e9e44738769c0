import {
  moneyConverter,
  TenantSettings,
  toTimestamp,
  type InsertOf,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import { Customers } from '@clientele/plugin-customers'
import { touchOrders } from '../condition/touched-facts.ts'
import { Metrics } from '../customer-metrics/customer-metrics.service.ts'
import { OrdersImported } from '../orders.events.ts'
import type { CommerceTables } from '../orders.tables.ts'
import { importRefunds, knownRefunds, type ImportedRefund } from '../refund/refund-import.ts'
import type { RefundRow } from '../refund/refund.entity.ts'
import { saveLines, type ImportedLine, type LineValues } from './order-line-import.ts'
import { refuseTooLarge } from './largest-amount.ts'
import type { OrderKey } from './order-key.ts'
import type { OrderState } from './order-state.ts'
import { Order, type OrderRow } from './order.entity.ts'

/** An order of another system, whole: lines that are not given do not exist. */
export interface ImportedOrder {
  /** Its id there; a second import of it changes nothing. */
  readonly externalId: string
  /** @default the external id */
  readonly number?: string
  readonly customerId: string | null
  /** @default 'fulfilled' */
  readonly state?: OrderState
  readonly placedAt: Timestamp
  readonly country?: string | null
  /** ISO 4217; the amounts of its lines are minor units of it. */
  readonly currency: string
  readonly lines: readonly ImportedLine[]
}

/** Orders and refunds of one other system; each at most once in a batch. */
export interface OrderBatch {
  /** The other system's name, the same in every batch: it is half of the key. */
  readonly source: string
  readonly orders?: readonly ImportedOrder[]
  /** Of orders in this batch, in an earlier one, or of none. */
  readonly refunds?: readonly ImportedRefund[]
}

/** What a batch left behind, in the order it was given. */
export interface ImportedOrders {
  readonly orders: readonly OrderRow[]
  readonly refunds: readonly RefundRow[]
  /** How many are new or differ from what was there. */
  readonly changed: { readonly orders: number; readonly lines: number; readonly refunds: number }
}

/** Carries a batch over; see `OrdersService.importMany`. */
export async function importOrders(t: Tx, batch: OrderBatch): Promise<ImportedOrders> {
  const { source, orders: given = [], refunds: givenRefunds = [] } = batch
  const named = [...given.map((one) => one.externalId), ...givenRefunds.map((one) => one.orderExternalId)]
  const before = await knownOrders(
    t,
    source,
    [...new Set(named)].filter((id) => typeof id === 'string'),
  )
  const refundsBefore = await knownRefunds(t, source, givenRefunds)
  const customers = customersOf(given, givenRefunds, [...before.values()], [...refundsBefore.values()])
  await t.get(Customers).lock(t, customers)

  const { currency } = await t.settings(TenantSettings)
  const prepared = await Promise.all(given.map((one) => prepareOrder(t, source, one, currency)))
  const orders = await t.repo(Order).upsertMany(prepared.map((one) => one.values))
  const placed = orders.map((order, index) => ({
    order,
    lines: prepared[index]?.lines ?? [],
    isNew: !before.has(order.externalId as string),
  }))
  const lines = await saveLines(t, placed)
  const orderKeys = new Map<string, OrderKey>(before)
  for (const order of orders) orderKeys.set(order.externalId as string, order)
  const refunds = await importRefunds(t, source, givenRefunds, orderKeys, refundsBefore)

  const changedOrders = orders.filter(
    (order) =>
      lines.orderIds.has(order.id) || before.get(order.externalId as string)?.version !== order.version,
  )
  const moved = changedOrders.flatMap((order) => before.get(order.externalId as string) ?? [])
  // Lines may differ where their order does not.
  touchOrders(t, customersOf(changedOrders))
  await t.get(Metrics).refresh(t, customersOf(changedOrders, moved, refunds.touched))
  if (changedOrders.length + refunds.changed.length > 0) {
    const refundIds = refunds.changed.map((refund) => refund.id)
    await t.emit(OrdersImported, { orderIds: changedOrders.map((order) => order.id), refundIds })
  }
  const changed = { orders: changedOrders.length, lines: lines.count, refunds: refunds.changed.length }
  return { orders, refunds: refunds.rows, changed }
}

type OrderValues = InsertOf<typeof Order> & { readonly source: string; readonly externalId: string }

async function prepareOrder(
  t: Tx,
  source: string,
  one: ImportedOrder,
  reportingCurrency: string,
): Promise<{ readonly values: OrderValues; readonly lines: readonly LineValues[] }> {
  const { currency, externalId } = one
  const placedAt = toTimestamp(Date.parse(one.placedAt))
  const toBase = await moneyConverter(t, currency, reportingCurrency, placedAt)
  let [total, itemCount] = [0, 0]
  const lines = one.lines.map((line): LineValues => {
    const amount = line.total ?? line.unitPrice * line.quantity
    refuseTooLarge(amount, toBase(amount))
    total += amount
    itemCount += line.quantity
    return {
      lineNumber: line.lineNumber,
      productId: line.productId ?? null,
      sku: line.sku,
      name: line.name,
      quantity: line.quantity,
      unitPrice: { amount: line.unitPrice, currency },
      total: { amount, currency },
      baseTotal: toBase(amount),
    }
  })
  refuseTooLarge(total, toBase(total))
  const state = one.state ?? 'fulfilled'
  const values = {
    source,
    externalId,
    number: one.number ?? externalId,
    customerId: one.customerId,
    state,
    placedAt,
    paidAt: state === 'paid' || state === 'fulfilled' ? placedAt : null,
    fulfilledAt: state === 'fulfilled' ? placedAt : null,
    total: { amount: total, currency },
    baseTotal: toBase(total),
    itemCount,
    country: one.country ?? null,
  }
  return { values, lines }
}

async function knownOrders(
  t: Tx<CommerceTables>,
  source: string,
  externalIds: readonly string[],
): Promise<Map<string, OrderKey>> {
  if (externalIds.length === 0) return new Map()
  const rows = await t.db
    .selectFrom('orders')
    .select(['id', 'version', 'customerId', 'externalId'])
    .where('source', '=', source)
    .where((eb) => t.sql.anyOf(eb.ref('externalId'), 'text', externalIds))
    .execute()
  return new Map(rows.map((row) => [row.externalId as string, row]))
}

function customersOf(...lists: readonly (readonly { readonly customerId: string | null }[])[]): string[] {
  const ids = new Set<string>()
  for (const list of lists) {
    for (const { customerId } of list) if (customerId !== null) ids.add(customerId)
  }
  return [...ids]
}
