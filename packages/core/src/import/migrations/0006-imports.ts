import * as z from 'zod'
import { col } from '../../entity/column.ts'
import { defineEntity } from '../../entity/entity.ts'
import type { Migration } from '../../migration/migration.ts'

const imports = defineEntity('imports', {
  entity: col.text(),
  fileId: col.id(),
  fileName: col.text(),
  encoding: col.text(),
  delimiter: col.text(),
  header: col.json(z.json()),
  mapping: col.json(z.json()),
  key: col.text().nullable(),
  sourceName: col.text(),
  emptyCells: col.text(),
  dryRun: col.boolean(),
  state: col.text(),
  read: col.integer().default(0),
  inserted: col.integer().default(0),
  updated: col.integer().default(0),
  unchanged: col.integer().default(0),
  failed: col.integer().default(0),
  bytesTotal: col.integer(),
  bytesRead: col.integer().default(0),
  slices: col.integer().default(0),
  errorFileId: col.id().nullable(),
  undone: col.integer().default(0),
  kept: col.integer().default(0),
  undoFileId: col.id().nullable(),
  startedAt: col.timestamp().nullable(),
  finishedAt: col.timestamp().nullable(),
  message: col.text().nullable(),
})

export const m0006Imports: Migration = {
  async up(m) {
    await m.createTable(imports)
    await m.createTable({
      name: 'importSlices',
      columns: {
        importId: col.ref(() => imports, { onDelete: 'cascade' }),
        seq: col.integer(),
        fromLine: col.integer(),
        toLine: col.integer(),
        ids: col.text(),
        patched: col.json(z.json()),
        refused: col.json(z.json()),
        isUndone: col.boolean().default(false),
        kept: col.json(z.json()).default([]),
        restored: col.json(z.json()).default({}),
      },
      options: { indexes: [{ on: ['importId', 'seq'], unique: true }] },
    })
  },
  async down(m) {
    await m.dropTable('importSlices')
    await m.dropTable('imports')
  },
}
