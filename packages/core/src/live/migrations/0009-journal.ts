import type { Migration } from '../../migration/migration.ts'

export const m0009Journal: Migration = {
  async up(m) {
    await m.createTable({
      name: 'changeJournal',
      columns: {},
      table: {
        name: 'change_journal',
        tenancy: 'global',
        columns: [
          { name: 'position', property: 'position', type: 'integer', nullable: false },
          { name: 'id', property: 'id', type: 'uuid', nullable: false },
          { name: 'tenant_id', property: 'tenantId', type: 'text', nullable: false },
          { name: 'entity', property: 'entity', type: 'text', nullable: false },
          { name: 'extension', property: 'extension', type: 'text', nullable: true },
          { name: 'kind', property: 'kind', type: 'text', nullable: false },
          { name: 'ids', property: 'ids', type: 'json', nullable: false },
          { name: 'count', property: 'count', type: 'integer', nullable: false },
          { name: 'origin', property: 'origin', type: 'text', nullable: false },
          { name: 'created_at', property: 'createdAt', type: 'timestamp', nullable: false },
        ],
        primaryKey: ['position', 'id'],
        indexes: [
          { name: 'change_journal_of_tenant_idx', columns: ['tenant_id', 'position', 'id'], unique: false },
          { name: 'change_journal_id_idx', columns: ['id'], unique: false },
        ],
        foreignKeys: [],
      },
    })
    // A position before the first change, so that a client can wait for it.
    const [id, at] =
      m.dialect === 'sqlite'
        ? ['zeroblob(16)', '0']
        : [`'00000000-0000-0000-0000-000000000000'`, `'1970-01-01T00:00:00Z'`]
    await m.execute(
      `INSERT INTO {prefix}change_journal (position, id, tenant_id, entity, kind, ids, count, origin, created_at)
       VALUES (0, ${id}, '*', '', 'insert', '[]', 0, 'live', ${at})`,
    )
  },
  async down(m) {
    await m.dropTable('changeJournal')
  },
}
