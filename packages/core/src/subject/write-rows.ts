import type { Kysely } from 'kysely'
import { isWatched } from '../change/announce.ts'
import { isRecorded, record } from '../change/record.ts'
import type { Tx } from '../context/context.ts'
import type { WriterTx } from '../entity/entity-writer.ts'
import { shapeOf, type Values } from '../entity/row-shape.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'

/** Handles that see removed rows too: they belong to the person all the same. */
export function allRows(t: Tx): Kysely<any> {
  return (t as WriterTx).withRemoved
}

/** Sets columns of many rows at once, and tells of those that are not hidden. */
export async function setColumns(
  t: Tx,
  registered: RegisteredEntity,
  ids: readonly string[],
  columns: Values,
): Promise<void> {
  const { runtime } = t as WriterTx
  const { name } = registered.entity
  const shape = shapeOf(registered)
  const select = (): Promise<Values[]> =>
    t.db
      .selectFrom(name)
      .select(shape.selected as string[])
      .where('id', 'in', ids)
      .execute()
  const toldOf = isRecorded(runtime, registered)
  const before = toldOf && isWatched(runtime.registry, registered.entity, t) ? await select() : []
  await allRows(t)
    .updateTable(name)
    // `any`: the table is that of whatever entity is written.
    .set((eb: any) => ({ ...columns, version: eb('version', '+', 1), updatedAt: t.now() }))
    .where('id', 'in', ids)
    .execute()
  if (!toldOf) return
  const known = new Map(before.map((row) => [row['id'], shape.toRow(row)]))
  const rows = (await select()).map((one) => {
    const id = one['id'] as string
    return { id, before: known.get(id) ?? null, after: shape.toRow(one) }
  })
  await record(t as WriterTx, runtime, { kind: 'patch', registered, rows })
}

/** Deletes rows for good, hidden ones too. Rows that refer to them go along or keep them, as the references say. */
export async function deleteRows(t: Tx, registered: RegisteredEntity, ids: readonly string[]): Promise<void> {
  const { runtime } = t as WriterTx
  const { name } = registered.entity
  const shape = shapeOf(registered)
  const toldOf = isRecorded(runtime, registered)
  const visible: Values[] = toldOf
    ? await t.db
        .selectFrom(name)
        .select(shape.selected as string[])
        .where('id', 'in', ids)
        .execute()
    : []
  await allRows(t).deleteFrom(name).where('id', 'in', ids).execute()
  const rows = visible.map((row) => ({ id: row['id'] as string, before: shape.toRow(row), after: null }))
  await record(t as WriterTx, runtime, { kind: 'remove', registered, rows })
}
