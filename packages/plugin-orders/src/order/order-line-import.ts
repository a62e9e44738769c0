import type { InsertOf, Tx } from '@clientele/core'
import type { CommerceTables } from '../orders.tables.ts'
import { OrderLine, type OrderRow } from './order.entity.ts'

/** A line of an imported order; amounts are minor units of the order's currency. */
export interface ImportedLine {
  /** Unique within the order: the same code may stand on several lines. */
  readonly lineNumber: number
  readonly productId?: string | null
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly unitPrice: number
  /** @default unitPrice × quantity */
  readonly total?: number
}

export type LineValues = Omit<Required<InsertOf<typeof OrderLine>>, 'id' | 'orderId'>

export interface PlacedOrder {
  readonly order: OrderRow
  readonly lines: readonly LineValues[]
  readonly isNew: boolean
}

/** Makes the lines of these orders what is given: new ones in one go, those of known orders by their differences. */
export async function saveLines(
  t: Tx,
  placed: readonly PlacedOrder[],
): Promise<{ readonly count: number; readonly orderIds: ReadonlySet<string> }> {
  const known = placed.filter((one) => !one.isNew)
  const there = await linesOf(
    t,
    known.map((one) => one.order.id),
  )
  const added: InsertOf<typeof OrderLine>[] = []
  const patches: { readonly id: string; readonly changes: LineValues }[] = []
  const gone: string[] = []
  const orderIds = new Set<string>()
  for (const { order, lines } of placed) {
    const old = there.get(order.id) ?? new Map<number, StoredLine>()
    const before = added.length + patches.length + gone.length
    for (const line of lines) {
      const stored = old.get(line.lineNumber)
      old.delete(line.lineNumber)
      if (!stored) added.push({ ...line, orderId: order.id })
      else if (differs(stored, line)) patches.push({ id: stored.id, changes: line })
    }
    for (const stored of old.values()) gone.push(stored.id)
    if (added.length + patches.length + gone.length > before) orderIds.add(order.id)
  }
  const lines = t.repo(OrderLine)
  await lines.removeMany(gone)
  await lines.patchMany(patches)
  await lines.insertMany(added)
  return { count: added.length + patches.length + gone.length, orderIds }
}

type StoredLine = Awaited<ReturnType<typeof storedLines>>[number]

async function linesOf(t: Tx, orderIds: readonly string[]): Promise<Map<string, Map<number, StoredLine>>> {
  const byOrder = new Map<string, Map<number, StoredLine>>()
  if (orderIds.length === 0) return byOrder
  for (const line of await storedLines(t, orderIds)) {
    const lines = byOrder.get(line.orderId) ?? new Map<number, StoredLine>()
    byOrder.set(line.orderId, lines.set(line.lineNumber, line))
  }
  return byOrder
}

function storedLines(t: Tx<CommerceTables>, orderIds: readonly string[]) {
  return t.db
    .selectFrom('orderLines')
    .select(['id', 'orderId', 'lineNumber', 'productId', 'sku', 'name', 'quantity'])
    .select(['unitPrice', 'unitPriceCurrency', 'total', 'baseTotal'])
    .where((eb) => t.sql.anyOf(eb.ref('orderId'), 'uuid', orderIds))
    .execute()
}

function differs(stored: StoredLine, line: LineValues): boolean {
  return (
    stored.productId !== line.productId ||
    stored.sku !== line.sku ||
    stored.name !== line.name ||
    stored.quantity !== line.quantity ||
    stored.unitPrice !== line.unitPrice.amount ||
    stored.unitPriceCurrency !== line.unitPrice.currency ||
    stored.total !== line.total.amount ||
    stored.baseTotal !== line.baseTotal
  )
}
