import { toTimestamp, type Timestamp, type Tx } from '@clientele/core'
import type { InventoryTables } from '../inventory.tables.ts'
import { Product } from '../product/product.entity.ts'
import { StockMovement, type StockReason } from './stock.entity.ts'

/** A stock movement of another system. */
export interface ImportedMovement {
  /** Its id there; a second import of it changes nothing. */
  readonly externalId: string
  readonly productId: string
  /** Pieces gained or, below zero, lost. */
  readonly delta: number
  readonly reason: StockReason
  readonly note?: string | null
  readonly movedAt: Timestamp
}

/** Movements of one other system; each at most once in a batch. */
export interface MovementBatch {
  /** The other system's name, the same in every batch: it is half of the key. */
  readonly source: string
  readonly movements: readonly ImportedMovement[]
}

/** Carries a batch over; see `StockService.importMany`. */
export async function importMovements(t: Tx, { source, movements }: MovementBatch): Promise<number> {
  if (movements.length === 0) return 0
  await t.lock(
    Product,
    movements.map((one) => one.productId),
  )
  const known = await knownMovements(t, source, movements)
  const added = movements.filter((one) => !known.has(one.externalId))
  const levels = await levelsOf(t, added)
  const rows = added.map(({ productId, delta, movedAt, note = null, ...rest }) => {
    const quantityAfter = (levels.get(productId) ?? 0) + delta
    levels.set(productId, quantityAfter)
    const at = toTimestamp(Date.parse(movedAt))
    return { ...rest, source, productId, delta, quantityAfter, note, movedAt: at }
  })
  await t.repo(StockMovement).insertMany(rows)
  await saveLevels(t, levels)
  return rows.length
}

async function knownMovements(
  t: Tx<InventoryTables>,
  source: string,
  movements: readonly ImportedMovement[],
): Promise<Set<string>> {
  const externalIds = movements.map((one) => one.externalId)
  const rows = await t.db
    .selectFrom('stockMovements')
    .select('externalId')
    .where('source', '=', source)
    .where((eb) => t.sql.anyOf(eb.ref('externalId'), 'text', externalIds))
    .execute()
  return new Set(rows.map((row) => row.externalId as string))
}

async function levelsOf(
  t: Tx<InventoryTables>,
  movements: readonly ImportedMovement[],
): Promise<Map<string, number>> {
  if (movements.length === 0) return new Map()
  const productIds = [...new Set(movements.map((one) => one.productId))]
  const rows = await t.db
    .selectFrom('productStock')
    .select(['id', 'quantity'])
    .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', productIds))
    .execute()
  return new Map(rows.map((row) => [row.id, row.quantity]))
}

async function saveLevels(t: Tx<InventoryTables>, levels: ReadonlyMap<string, number>): Promise<void> {
  await t.projection('a stock level is the sum of its movements', async (db) => {
    for (const [id, quantity] of levels) {
      await db.updateTable('productStock').set({ quantity }).where('id', '=', id).execute()
    }
  })
}
