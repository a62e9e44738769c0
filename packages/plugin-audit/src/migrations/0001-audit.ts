import { col, type Migration, type TableDefinition } from '@clientele/core'

// The table as it was at this version; the entity may move on, this may not.
const audits: TableDefinition = {
  name: 'audits',
  columns: {
    title: col.text(),
    note: col.text().nullable(),
    closedAt: col.timestamp().nullable(),
  },
}

export const m0001Audit: Migration = {
  async up(m) {
    await m.createTable(audits)
  },
  async down(m) {
    await m.dropTable('audits')
  },
}
