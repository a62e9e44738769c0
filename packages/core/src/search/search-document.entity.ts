import { defineEntity } from '../entity/entity.ts'
import { plainColumn, type PhysicalTable, type TableDefinition } from '../storage/physical.ts'

const documents: PhysicalTable = {
  name: 'search_documents',
  tenancy: 'tenant',
  columns: [
    plainColumn('tenant_id', 'tenantId', 'text'),
    plainColumn('entity', 'entity', 'text'),
    plainColumn('id', 'id', 'uuid'),
  ],
  primaryKey: ['tenant_id', 'entity', 'id'],
  indexes: [],
  foreignKeys: [],
  fullText: true,
}

/** One for each row that can be searched, by its entity and id; the words are beside, in the database's own way. */
export const SearchDocument = Object.assign(defineEntity('searchDocuments', {}, { live: false }), {
  table: documents,
} satisfies Partial<TableDefinition>)

const states: PhysicalTable = {
  name: 'search_states',
  tenancy: 'global',
  columns: [plainColumn('entity', 'entity', 'text'), plainColumn('fingerprint', 'fingerprint', 'text')],
  primaryKey: ['entity'],
  indexes: [],
  foreignKeys: [],
}

/** Which columns of an entity the search index holds; where the code says others, the entity is indexed anew. */
export const SearchState = Object.assign(
  defineEntity(
    'searchStates',
    {},
    { tenancy: { global: 'what is indexed follows from the installed code, alike for all tenants' } },
  ),
  { table: states } satisfies Partial<TableDefinition>,
)
