import * as z from 'zod'
import { col } from '../../entity/column.ts'
import type { Migration } from '../../migration/migration.ts'

export const m0009Journal: Migration = {
  async up(m) {
    await m.createTable({
      name: 'changeJournal',
      columns: {
        tenantId: col.text(),
        position: col.integer(),
        entity: col.text(),
        extension: col.text().nullable(),
        kind: col.text(),
        ids: col.json(z.json()),
        count: col.integer(),
        origin: col.text(),
      },
      options: {
        tenancy: { global: 'one read tails the changes of all tenants' },
        indexes: [{ on: ['position', 'id'] }, { on: ['tenantId', 'position', 'id'] }],
      },
    })
    // A position before the first change, so that a client can wait for it.
    const [id, at] =
      m.dialect === 'sqlite'
        ? ['zeroblob(16)', '0']
        : [`'00000000-0000-0000-0000-000000000000'`, `'1970-01-01T00:00:00Z'`]
    await m.execute(
      `INSERT INTO {prefix}change_journal
         (id, tenant_id, position, entity, kind, ids, count, origin, version, created_at, updated_at)
       VALUES (${id}, '*', 0, '', 'insert', '[]', 0, 'live', 1, ${at}, ${at})`,
    )
  },
  async down(m) {
    await m.dropTable('changeJournal')
  },
}
