import type { Tx } from '../context/context.ts'
import type { AnyColumn } from '../entity/column.ts'
import { BATCH } from '../entity/entity-reader.ts'
import { defaultOf, type Values } from '../entity/row-shape.ts'
import { slicesById } from '../entity/slices.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { SubjectReference } from './subject-references.ts'
import { allRows, deleteRows, setColumns } from './write-rows.ts'

/** What an erasure did to the rows of one column. */
export interface ErasedRows {
  readonly entity: string
  readonly column: string
  readonly rows: number
  readonly how: 'delete' | 'anonymise' | 'keep'
}

/** Does to the rows of one column what its reference says. */
export async function eraseRows(t: Tx, reference: SubjectReference, id: string): Promise<ErasedRows> {
  const { registered, column, onErase, nullable } = reference
  const { name } = registered.entity
  const ids: string[] = []
  const query = allRows(t).selectFrom(name).select('id').where(column, '=', id)
  for await (const rows of slicesById<{ id: string }>(query, BATCH)) {
    const slice = rows.map((row) => row.id)
    ids.push(...slice)
    if (onErase === 'delete') await deleteRows(t, registered, slice)
    if (onErase === 'anonymise') {
      const emptied = { ...withoutPerson(registered), ...(nullable ? { [column]: null } : {}) }
      await setColumns(t, registered, slice, emptied)
    }
  }
  return { entity: name, column, rows: ids.length, how: onErase }
}

/** What the personal columns of an entity hold once the person is gone. */
export function withoutPerson({ entity }: RegisteredEntity): Values {
  const personal = Object.entries(entity.columns).filter(([, { spec }]) => spec.pii)
  return Object.fromEntries(personal.map(([name, column]) => [name, emptied(column)]))
}

function emptied(column: AnyColumn): unknown {
  if (column.spec.nullable) return null
  return defaultOf(column) ?? (column.kind === 'json' ? {} : '')
}
