import {
  moneyConverter,
  TenantSettings,
  toTimestamp,
  type InsertOf,
  type Money,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import { refuseTooLarge } from '../order/largest-amount.ts'
import type { OrderKey } from '../order/order-key.ts'
import { Order } from '../order/order.entity.ts'
import { ordersErrors } from '../orders.errors.ts'
import type { CommerceTables } from '../orders.tables.ts'
import type { RefundReason } from './refund-reason.ts'
import { Refund, type RefundRow } from './refund.entity.ts'

/** A refund of another system. */
export interface ImportedRefund {
  readonly externalId: string
  /** The refunded order's id in the same system; left out for a refund without an order. */
  readonly orderExternalId?: string | null
  /** Whose money it is when there is no order; otherwise the order's customer. */
  readonly customerId: string | null
  readonly amount: Money
  /** @default 'requested', or 'unmatched' without an order */
  readonly reason?: RefundReason
  readonly note?: string | null
  readonly refundedAt: Timestamp
}

/** A refund that was there before the batch. */
export interface RefundKey {
  readonly version: number
  readonly customerId: string | null
  readonly orderId: string | null
}

export interface ImportedRefunds {
  readonly rows: readonly RefundRow[]
  readonly changed: readonly RefundRow[]
  /** Whoever's sums are other ones now. */
  readonly touched: readonly { readonly customerId: string | null }[]
}

/** Writes the refunds of a batch and brings the refunded totals of their orders up to date. */
export async function importRefunds(
  t: Tx,
  source: string,
  given: readonly ImportedRefund[],
  orders: ReadonlyMap<string, OrderKey>,
  before: ReadonlyMap<string, RefundKey>,
): Promise<ImportedRefunds> {
  const { currency } = await t.settings(TenantSettings)
  const values = await Promise.all(given.map((one) => refundValues(t, source, one, orders, currency)))
  const rows = await t.repo(Refund).upsertMany(values)
  const changed = rows.filter((row) => before.get(row.externalId as string)?.version !== row.version)
  const replaced = changed.flatMap((row) => before.get(row.externalId as string) ?? [])
  await updateRefundedTotals(
    t,
    [...changed, ...replaced].flatMap((row) => row.orderId ?? []),
  )
  return { rows, changed, touched: [...changed, ...replaced] }
}

/** The refunds of the batch that are there already, by external id. */
export async function knownRefunds(
  t: Tx<CommerceTables>,
  source: string,
  given: readonly ImportedRefund[],
): Promise<Map<string, RefundKey>> {
  if (given.length === 0) return new Map()
  const externalIds = given.map((one) => one.externalId)
  const rows = await t.db
    .selectFrom('refunds')
    .select(['version', 'customerId', 'orderId', 'externalId'])
    .where('source', '=', source)
    .where((eb) => t.sql.anyOf(eb.ref('externalId'), 'text', externalIds))
    .execute()
  return new Map(rows.map((row) => [row.externalId as string, row]))
}

async function refundValues(
  t: Tx,
  source: string,
  one: ImportedRefund,
  orders: ReadonlyMap<string, OrderKey>,
  currency: string,
): Promise<InsertOf<typeof Refund> & { readonly source: string; readonly externalId: string }> {
  const { externalId, orderExternalId = null, amount } = one
  const refundedAt = toTimestamp(Date.parse(one.refundedAt))
  const order = orderExternalId === null ? null : orders.get(orderExternalId)
  if (order === undefined) {
    throw ordersErrors['orders.unknown_order']({
      source,
      externalId: String(orderExternalId),
      refund: externalId,
    })
  }
  const toBase = await moneyConverter(t, amount.currency, currency, refundedAt)
  refuseTooLarge(amount.amount, toBase(amount.amount))
  return {
    source,
    externalId,
    orderId: order?.id ?? null,
    customerId: order ? order.customerId : one.customerId,
    amount,
    baseAmount: toBase(amount.amount),
    reason: one.reason ?? (order ? 'requested' : 'unmatched'),
    note: one.note ?? null,
    refundedAt,
  }
}

async function updateRefundedTotals(t: Tx<CommerceTables>, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return
  const ids = [...new Set(orderIds)]
  const sums = await t.db
    .selectFrom('refunds')
    .where((eb) => t.sql.anyOf(eb.ref('orderId'), 'uuid', ids))
    .groupBy('orderId')
    .select((eb) => ['orderId', t.sql.as(eb.fn.sum<number>('baseAmount'), 'integer', 'refunded')])
    .execute()
  const refunded = new Map(sums.map((sum) => [sum.orderId, sum.refunded]))
  for (const order of await t.repo(Order).getMany(ids)) {
    const refundedTotal = refunded.get(order.id) ?? 0
    if (order.refundedTotal !== refundedTotal) await t.repo(Order).patch(order.id, { refundedTotal })
  }
}
