import * as z from 'zod'
import { col } from '../../entity/column.ts'
import type { Migration } from '../../migration/migration.ts'

export const m0007Exports: Migration = {
  async up(m) {
    await m.createTable({
      name: 'exports',
      columns: {
        name: col.text(),
        entity: col.text(),
        query: col.json(z.json()),
        columns: col.json(z.json()),
        bom: col.boolean().default(false),
        permission: col.text(),
        state: col.text().default('waiting'),
        rowsDone: col.integer().default(0),
        rowsTotal: col.integer().nullable(),
        fileId: col.id().nullable(),
        error: col.text().nullable(),
        finishedAt: col.timestamp().nullable(),
        expiresAt: col.timestamp().index(),
      },
    })
  },
  async down(m) {
    await m.dropTable('exports')
  },
}
