import type { Migration } from '../../migration/migration.ts'

export const m0010Search: Migration = {
  async up(m) {
    await m.createTable({
      name: 'searchDocuments',
      columns: {},
      table: {
        name: 'search_documents',
        tenancy: 'tenant',
        columns: [
          { name: 'tenant_id', property: 'tenantId', type: 'text', nullable: false },
          { name: 'entity', property: 'entity', type: 'text', nullable: false },
          { name: 'id', property: 'id', type: 'uuid', nullable: false },
        ],
        primaryKey: ['tenant_id', 'entity', 'id'],
        indexes: [],
        foreignKeys: [],
        fullText: true,
      },
    })
    await m.createTable({
      name: 'searchStates',
      columns: {},
      table: {
        name: 'search_states',
        tenancy: 'global',
        columns: [
          { name: 'entity', property: 'entity', type: 'text', nullable: false },
          { name: 'fingerprint', property: 'fingerprint', type: 'text', nullable: false },
        ],
        primaryKey: ['entity'],
        indexes: [],
        foreignKeys: [],
      },
    })
  },
  async down(m) {
    await m.dropTable('searchStates')
    if (m.dialect === 'sqlite') await m.execute('DROP TABLE "{prefix}search_documents_words"')
    await m.dropTable('searchDocuments')
  },
}
