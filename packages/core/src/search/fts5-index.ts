import { physicalName } from '../storage/physical-name.ts'
import {
  DOCUMENTS,
  removeDocuments,
  wordsTable,
  type IndexedRow,
  type IndexScope,
} from './search-documents.ts'
import type { SearchIndex } from './search-index.ts'

/**
 * SQLite: FTS5 knows rows by a number, their place; the documents say which row has which. Places only grow, since
 * FTS5 gathers words in memory as long as they do.
 */
export const fts5Index: SearchIndex = {
  async put(scope, entity, rows) {
    const wordless = rows.filter(({ words }) => words.length === 0)
    const worded = rows.filter(({ words }) => words.length > 0)
    const known = await placesOf(
      scope,
      entity,
      rows.map(({ id }) => id),
    )
    await removeKnown(scope, entity, known, wordless)
    if (worded.length === 0) return
    const added = worded.filter(({ id }) => !known.has(id))
    let last = added.length === 0 ? 0 : await lastPlace(scope)
    for (const { id } of added) known.set(id, ++last)
    await addDocuments(scope, entity, known, added)
    const pairs = worded.map(({ id, words }) => [known.get(id), words.join(' ')])
    const words = wordsTable(scope.runtime)
    // One statement: FTS5 writes what it has gathered at the end of each that has several rows.
    const sql = `INSERT OR REPLACE INTO "${words}" (rowid, words) SELECT value ->> 0, value ->> 1 FROM json_each(?)`
    await scope.connection.execute({ sql, parameters: [JSON.stringify(pairs)] })
  },

  async remove(scope, entity, ids) {
    const known = await placesOf(scope, entity, ids)
    await removeKnown(
      scope,
      entity,
      known,
      ids.map((id) => ({ id })),
    )
  },
}

type Places = Map<string, number>

async function placesOf(scope: IndexScope, entity: string, ids: readonly string[]): Promise<Places> {
  const { runtime, connection, tenantId } = scope
  const found = await runtime.sql.prepared.run<{ readonly id: string; readonly place: number }>(
    connection,
    { tenantId, ...DOCUMENTS },
    'search.places',
    (db, p) =>
      db
        .selectFrom('searchDocuments')
        .select(['id', 'place'])
        .where('entity', '=', p('entity'))
        .where((eb) => runtime.sql.helpers.anyOf(eb.ref('id'), 'uuid', p('ids'))),
    { entity, ids },
  )
  return new Map(found.map(({ id, place }) => [id, place]))
}

async function removeKnown(
  scope: IndexScope,
  entity: string,
  known: Places,
  rows: readonly Pick<IndexedRow, 'id'>[],
): Promise<void> {
  const ids = rows.map(({ id }) => id).filter((id) => known.has(id))
  if (ids.length === 0) return
  await removeDocuments(scope, entity, ids)
  const words = wordsTable(scope.runtime)
  const places = JSON.stringify(ids.map((id) => known.get(id)))
  const sql = `DELETE FROM "${words}" WHERE rowid IN (SELECT value FROM json_each(?))`
  await scope.connection.execute({ sql, parameters: [places] })
}

async function addDocuments(
  { runtime, connection, tenantId }: IndexScope,
  entity: string,
  places: Places,
  rows: readonly IndexedRow[],
): Promise<void> {
  if (rows.length === 0) return
  const documents = physicalName(runtime.registry.tablePrefix, 'search_documents')
  const { sql } = runtime.storage
  const records = rows.map(({ id }) => [tenantId, entity, sql.encode('uuid', id), places.get(id)])
  await connection.insertRows(documents, COLUMNS, records)
}

const COLUMNS = [
  { name: 'tenant_id', type: 'text' },
  { name: 'entity', type: 'text' },
  { name: 'id', type: 'uuid' },
  { name: 'place', type: 'integer' },
] as const

/** The table that FTS5 keeps beside its words tells at once. */
async function lastPlace({ runtime, connection }: IndexScope): Promise<number> {
  const sql = `SELECT coalesce(max(id), 0) AS place FROM "${wordsTable(runtime)}_docsize"`
  const { rows } = await connection.execute({ sql, parameters: [] })
  return rows[0]!['place'] as number
}
