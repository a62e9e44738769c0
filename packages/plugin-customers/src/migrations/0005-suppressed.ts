import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'

// The table as it was at this version; the entity may move on, this may not.
const customers = defineEntity('customers', {}, { subject: true, softDelete: true, importable: true })

const suppressions = defineEntity('suppressions', {})

const customerSuppressions: TableDefinition = {
  name: 'customerSuppressions',
  columns: {
    customerId: col.ref(() => customers, { onMerge: 'keep', onErase: 'delete', onDelete: 'cascade' }),
    suppressionId: col.ref(() => suppressions, { onDelete: 'cascade' }).index(),
    kind: col.enum(['email', 'phone']),
    scope: col.enum(['all', 'marketing']),
  },
  options: {
    indexes: [{ on: ['customerId', 'kind'], unique: true }, { on: ['kind', 'customerId'] }],
  },
}

export const m0005Suppressed: Migration = {
  up: (m) => m.createTable(customerSuppressions),
  down: (m) => m.dropTable(customerSuppressions.name),
}
