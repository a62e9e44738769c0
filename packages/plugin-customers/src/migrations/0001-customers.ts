import { col, type Migration, type TableDefinition } from '@clientele/core'
import * as z from 'zod'

// The table as it was at this version; the entity may move on, this may not.
const customers: TableDefinition = {
  name: 'customers',
  columns: {
    firstName: col.text().nullable(),
    lastName: col.text().nullable(),
    email: col.text().nullable().index(),
    phone: col.text().nullable().index(),
    status: col.enum(['active', 'archived']).default('active'),
    country: col.text().nullable().index(),
    locale: col.text().nullable(),
    timeZone: col.text().nullable(),
    acceptsMarketing: col.boolean().default(false),
    traits: col.json(z.unknown()).default({}),
  },
  options: {
    subject: true,
    softDelete: true,
    importable: true,
    indexes: [{ on: ['createdAt'] }, { on: ['id'], where: 'deleted_at IS NOT NULL' }],
  },
}

export const m0001Customers: Migration = {
  up: (m) => m.createTable(customers),
  down: (m) => m.dropTable('customers'),
}
