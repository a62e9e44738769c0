import { physicalName } from '../storage/physical-name.ts'
import { removeDocuments } from './search-documents.ts'
import type { SearchIndex } from './search-index.ts'

/** PostgreSQL: each document carries its words, and a GIN index leads from a word to the documents. */
export const tsvectorIndex: SearchIndex = {
  async put({ runtime, connection, tenantId }, entity, rows) {
    const table = physicalName(runtime.registry.tablePrefix, 'search_documents')
    const sql = `INSERT INTO "${table}" (tenant_id, entity, id, words)
      SELECT $1, $2, u.id, u.words::tsvector FROM unnest($3::uuid[], $4::text[]) AS u(id, words)
      ON CONFLICT (tenant_id, entity, id) DO UPDATE SET words = excluded.words`
    const ids = rows.map(({ id }) => id)
    const words = rows.map((row) => row.words.map((word) => `'${word}'`).join(' '))
    await connection.execute({ sql, parameters: [tenantId, entity, ids, words] })
  },

  remove: removeDocuments,
}
