import { createHash } from 'node:crypto'
import type { Runtime } from '../kernel/runtime.ts'
import { physicalName } from '../storage/physical-name.ts'
import type { Connection } from '../storage/storage.ts'

/** A write transaction for the rows of one tenant. */
export interface IndexScope {
  readonly tenantId: string
  readonly connection: Connection
  readonly runtime: Runtime
}

/** What the index knows of one row. */
export interface IndexedRow {
  readonly id: string
  /** As the database keeps them: with their {@link wordScope}. */
  readonly words: readonly string[]
}

/** A binding of statements about documents, to be completed by the tenant. */
export const DOCUMENTS = { writes: 'allow', removed: 'show' } as const

/** Their words are another matter; see `SearchIndex`. */
export async function removeDocuments(
  { runtime, connection, tenantId }: IndexScope,
  entity: string,
  ids: readonly string[],
): Promise<void> {
  await runtime.sql.prepared.run(
    connection,
    { tenantId, ...DOCUMENTS },
    'search.remove',
    (db, p) =>
      db
        .deleteFrom('searchDocuments')
        .where('entity', '=', p('entity'))
        .where((eb) => runtime.sql.helpers.anyOf(eb.ref('id'), 'uuid', p('ids'))),
    { entity, ids },
  )
}

/** The table of SQLite in which FTS5 keeps the words, by the places of the documents. */
export function wordsTable({ registry }: Pick<Runtime, 'registry'>): string {
  return physicalName(registry.tablePrefix, 'search_documents_words')
}

const SCOPE_LENGTH = 5
const MOST_SCOPES = 10_000
const scopes = new Map<string, string>()

/**
 * What stands before each word in the index, so that a search walks the rows of its own tenant and entity only. It is
 * short and may be shared by chance: what keeps tenants apart is the predicate on the documents, not this.
 */
export function wordScope(tenantId: string, entity: string): string {
  const key = `${tenantId}/${entity}`
  let scope = scopes.get(key)
  if (scope === undefined) {
    const digest = createHash('sha256').update(key).digest()
    scope = digest.readUInt32BE(0).toString(36).padStart(SCOPE_LENGTH, '0').slice(-SCOPE_LENGTH)
    if (scopes.size >= MOST_SCOPES) scopes.clear()
    scopes.set(key, scope)
  }
  return scope
}
