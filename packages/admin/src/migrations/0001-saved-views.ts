import { col, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The table as it was at this version; the entity may move on, this may not.
const savedViews: TableDefinition = {
  name: 'savedViews',
  columns: {
    panel: col.text(),
    name: col.text(),
    query: col.text().default(''),
    columns: col.json(z.unknown()).nullable(),
    isShared: col.boolean().default(false),
    ownerKind: col.text(),
    ownerId: col.text(),
  },
  options: { indexes: [{ on: ['panel', 'ownerId'] }] },
}

export const m0001SavedViews: Migration = {
  up: (m) => m.createTable(savedViews),
  down: (m) => m.dropTable('savedViews'),
}
