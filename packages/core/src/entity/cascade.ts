import type { Kysely } from 'kysely'
import type { RegisteredEntity, Registry } from '../plugin/registry.ts'
import { BATCH } from './entity-reader.ts'
import { shapeOf, type Values } from './row-shape.ts'
import { slicesOf } from './slices.ts'

/** Rows of one entity that the database removes together with those they hang on. */
export interface CascadedRows {
  readonly registered: RegisteredEntity
  /** Without those that were hidden before: they were told as removed then. */
  readonly rows: readonly Values[]
}

/** One way for rows to hang on others: a reference with `cascade`, or an extension on its base. */
interface Cascade {
  readonly child: RegisteredEntity
  readonly column: string
}

/**
 * Everything the database removes along with these rows, what hangs deepest first, so that subscribers can be told.
 * Entities that soft removal hides are not part of it: their rows stay.
 *
 * @param db sees removed rows: those go as well
 */
export async function cascadedRows(
  { registry, db }: { readonly registry: Registry; readonly db: Kysely<any> },
  registered: RegisteredEntity,
  ids: readonly string[],
  known: Set<string> = new Set(),
): Promise<readonly CascadedRows[]> {
  const found: CascadedRows[] = []
  for (const { child, column } of cascadesTo(registry, registered)) {
    const shape = shapeOf(child)
    const rows: Values[] = []
    for (const batch of slicesOf(ids, BATCH)) {
      const records: Values[] = await db
        .selectFrom(child.entity.name)
        .select(shape.selected as string[])
        .where(column, 'in', batch)
        .orderBy('id')
        .execute()
      rows.push(...records.map((record) => shape.toRow(record)))
    }
    // Rows that hang on each other in a circle are met once.
    const fresh = rows.filter((row) => !known.has(keyOf(child, row)))
    for (const row of fresh) known.add(keyOf(child, row))
    if (fresh.length === 0) continue
    const next = fresh.map((row) => row['id'] as string)
    found.push(...(await cascadedRows({ registry, db }, child, next, known)))
    const visible = fresh.filter((row) => !row['deletedAt'])
    if (visible.length > 0) found.push({ registered: child, rows: visible })
  }
  return found
}

/** Whether removing a row for good removes rows, itself among them, of an entity that `wanted` says yes to. */
export function removes(
  registry: Registry,
  registered: RegisteredEntity,
  wanted: (registered: RegisteredEntity) => boolean,
  seen: Set<RegisteredEntity> = new Set(),
): boolean {
  if (wanted(registered)) return true
  if (seen.has(registered)) return false
  seen.add(registered)
  return cascadesTo(registry, registered).some(({ child }) => removes(registry, child, wanted, seen))
}

const cascades = new WeakMap<RegisteredEntity, readonly Cascade[]>()

function cascadesTo(registry: Registry, registered: RegisteredEntity): readonly Cascade[] {
  let known = cascades.get(registered)
  if (!known) {
    known = [...registry.entities.values()].flatMap((child) => [
      ...Object.entries(child.entity.columns)
        .filter(([, { spec }]) => spec.reference?.onDelete === 'cascade')
        .filter(([, { spec }]) => spec.reference?.target() === registered.entity)
        .map(([column]) => ({ child, column })),
      ...(child.entity.extension?.base === registered.entity ? [{ child, column: 'id' }] : []),
    ])
    cascades.set(registered, known)
  }
  return known
}

function keyOf({ entity }: RegisteredEntity, row: Values): string {
  return `${entity.name} ${String(row['id'])}`
}
