import type { Tx } from '../context/context.ts'
import { BATCH } from '../entity/entity-reader.ts'
import { shapeOf, type Values } from '../entity/row-shape.ts'
import { slicesOf } from '../entity/slices.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { SubjectReference } from './subject-references.ts'
import { allRows, setColumns } from './write-rows.ts'

/** What a move did to the rows of one column: JSON, to be kept until the move is taken back. */
export interface MovedRows {
  readonly entity: string
  readonly column: string
  /** Rows that follow the surviving person now. */
  readonly ids: readonly string[]
  /** Rows that went because the survivor has one already. */
  readonly removed: readonly Values[]
}

export interface Move {
  readonly from: string
  readonly to: string
}

/** Lets the rows of one column follow from one person to the other. */
export async function moveRows(t: Tx, reference: SubjectReference, move: Move): Promise<MovedRows | null> {
  const { registered, column, onMerge } = reference
  if (onMerge === 'keep') return null
  const removed = onMerge === 'unique' ? await removeDoubles(t, reference, move) : []
  const ids: string[] = []
  for (;;) {
    const slice = await idsAt(t, reference, move.from)
    if (slice.length === 0) break
    await setColumns(t, registered, slice, { [column]: move.to })
    ids.push(...slice)
  }
  if (ids.length === 0 && removed.length === 0) return null
  return { entity: registered.entity.name, column, ids, removed }
}

/**
 * Takes a move back: its rows that are still at `at` return to `to`, and what went comes again. What has been removed
 * or has moved on since stays as it is.
 */
export async function moveRowsBack(
  t: Tx,
  registered: RegisteredEntity,
  moved: MovedRows,
  { to, at }: { readonly to: string; readonly at: string },
): Promise<void> {
  const { column, ids, removed } = moved
  for (const moving of slicesOf(ids, BATCH)) {
    const there: { id: string }[] = await allRows(t)
      .selectFrom(registered.entity.name)
      .select('id')
      .where('id', 'in', moving)
      .where(column, '=', at)
      .execute()
    const slice = there.map(({ id }) => id)
    if (slice.length > 0) await setColumns(t, registered, slice, { [column]: to })
  }
  for (const row of removed) await bringBack(t, registered, row)
}

/** Rows of the person that goes whose unique values the survivor has too. */
async function removeDoubles(t: Tx, reference: SubjectReference, { from, to }: Move): Promise<Values[]> {
  const { registered, column } = reference
  const keys = uniqueKeys(registered, column)
  const shape = shapeOf(registered)
  const rowsOf = async (id: string): Promise<Values[]> => {
    const records: Values[] = await t.db
      .selectFrom(registered.entity.name)
      .select(shape.selected as string[])
      .where(column, '=', id)
      .orderBy('id')
      .execute()
    return records.map((record) => shape.toRow(record))
  }
  const taken = new Set((await rowsOf(to)).flatMap((row) => keys.map((key) => valuesOf(row, key))))
  const doubles = (await rowsOf(from)).filter((row) => keys.some((key) => taken.has(valuesOf(row, key))))
  for (const row of doubles) await t.repo(registered.entity).remove(row['id'] as string)
  return doubles
}

/** The other columns of every unique index that holds the referring one. */
function uniqueKeys({ table, columns }: RegisteredEntity, column: string): readonly (readonly string[])[] {
  const physical = columns.get(column)?.name ?? column
  const properties = new Map([...columns.values()].map(({ name, property }) => [name, property]))
  return table.indexes
    .filter((index) => index.unique && index.columns.includes(physical))
    .map((index) =>
      index.columns
        .filter((name) => name !== physical && name !== 'tenant_id')
        .map((name) => properties.get(name) ?? name),
    )
}

function valuesOf(row: Values, key: readonly string[]): string {
  return JSON.stringify([key, key.map((property) => row[property])])
}

async function bringBack(t: Tx, registered: RegisteredEntity, row: Values): Promise<void> {
  const id = row['id'] as string
  const { name } = registered.entity
  const there = await allRows(t).selectFrom(name).select('id').where('id', '=', id).executeTakeFirst()
  if (there && registered.softDelete) return void (await t.repo(registered.entity).restore(id))
  if (there) return
  const { ownColumns } = shapeOf(registered)
  const values = Object.fromEntries(ownColumns.map((column) => [column, row[column]]))
  await t.repo(registered.entity).insert({ ...values, id })
}

async function idsAt(t: Tx, { registered, column }: SubjectReference, id: string): Promise<string[]> {
  // Hidden doubles stay where they are: moving one would take the place of the survivor's own row when it comes back.
  const stays = registered.softDelete && uniqueKeys(registered, column).length > 0
  const rows: { id: string }[] = await (stays ? t.db : allRows(t))
    .selectFrom(registered.entity.name)
    .select('id')
    .where(column, '=', id)
    .orderBy('id')
    .limit(BATCH)
    .execute()
  return rows.map((row) => row.id)
}
