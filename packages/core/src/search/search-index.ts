import type { Runtime } from '../kernel/runtime.ts'
import { fts5Index } from './fts5-index.ts'
import type { IndexedRow, IndexScope } from './search-documents.ts'
import { tsvectorIndex } from './tsvector-index.ts'

/** The rows of entities by their words. */
export interface SearchIndex {
  /** Rows that are known already get the new words. */
  put(scope: IndexScope, entity: string, rows: readonly IndexedRow[]): Promise<void>
  /** Nothing happens to rows that are not known. */
  remove(scope: IndexScope, entity: string, ids: readonly string[]): Promise<void>
}

/** The index in the way of the database at hand. */
export function searchIndex({ storage }: Runtime): SearchIndex {
  return storage.capabilities.fullText === 'fts5' ? fts5Index : tsvectorIndex
}
