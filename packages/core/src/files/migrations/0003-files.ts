import { col } from '../../entity/column.ts'
import type { Migration } from '../../migration/migration.ts'

export const m0003Files: Migration = {
  async up(m) {
    await m.createTable({
      name: 'files',
      columns: {
        name: col.text(),
        contentType: col.text(),
        size: col.integer(),
        sha256: col.text(),
        permission: col.text(),
        expiresAt: col.timestamp().nullable().index(),
      },
    })
    await m.createTable({
      name: 'fileChunks',
      columns: {},
      table: {
        name: 'file_chunks',
        tenancy: 'tenant',
        columns: [
          { name: 'tenant_id', property: 'tenantId', type: 'text', nullable: false },
          { name: 'id', property: 'id', type: 'uuid', nullable: false },
          { name: 'begins_at', property: 'beginsAt', type: 'integer', nullable: false },
          { name: 'written_at', property: 'writtenAt', type: 'timestamp', nullable: false },
          { name: 'bytes', property: 'bytes', type: 'bytes', nullable: false },
        ],
        primaryKey: ['tenant_id', 'id', 'begins_at'],
        indexes: [],
        foreignKeys: [],
      },
    })
  },
  async down(m) {
    await m.dropTable('fileChunks')
    await m.dropTable('files')
  },
}
