import type { ChangeRecorder } from '../change/record.ts'
import type { Values } from '../entity/row-shape.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { searchableColumns } from './searchable.ts'
import { wordScope, type IndexedRow } from './search-documents.ts'
import { searchIndex } from './search-index.ts'
import { wordsOf } from './words.ts'

/** Keeps the search index with every write, in its transaction. */
export const searchRecorder: ChangeRecorder = {
  wants: (registered) => searchableColumns(registered).length > 0,

  async record(t, { kind, registered, rows, set }) {
    const { name } = registered.entity
    const index = searchIndex(t.runtime)
    if (kind === 'remove') {
      return index.remove(
        t,
        name,
        rows.map(({ id }) => id),
      )
    }
    const columns = searchableColumns(registered)
    if (kind === 'patch' && set && !set.some((property) => columns.includes(property))) return
    const written = rows.flatMap(({ after }) => (after ? [indexedRow(t.tenantId, registered, after)] : []))
    // A new row without words needs no place in the index; a changed one may have to lose its own.
    const worth = kind === 'insert' ? written.filter(({ words }) => words.length > 0) : written
    if (worth.length > 0) await index.put(t, name, worth)
  },
}

/** What the index keeps of a row. */
export function indexedRow(tenantId: string, registered: RegisteredEntity, row: Values): IndexedRow {
  const scope = wordScope(tenantId, registered.entity.name)
  const words = wordsOf(searchableColumns(registered).map((property) => row[property]))
  return { id: row['id'] as string, words: words.map((word) => scope + word) }
}
