import { col, type Migration, type TableDefinition } from '@clientele/core'

// The table as it was at this version; the entity may move on, this may not.
const auths: TableDefinition = {
  name: 'auths',
  columns: {
    title: col.text(),
    note: col.text().nullable(),
    closedAt: col.timestamp().nullable(),
  },
}

export const m0001Auth: Migration = {
  async up(m) {
    await m.createTable(auths)
  },
  async down(m) {
    await m.dropTable('auths')
  },
}
