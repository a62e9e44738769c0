import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'

// The tables as they were at this version; the entities may move on, these may not.
const customers = defineEntity('customers', {}, { subject: true, softDelete: true, importable: true })

const customerTags: TableDefinition = {
  name: 'customerTags',
  columns: {
    customerId: col.ref(() => customers, { onMerge: 'unique', onErase: 'delete', onDelete: 'cascade' }),
    name: col.text(),
  },
  options: {
    indexes: [{ on: ['customerId', 'name'], unique: true }, { on: ['name', 'customerId'] }],
  },
}

const customerNotes: TableDefinition = {
  name: 'customerNotes',
  columns: {
    customerId: col.ref(() => customers, { onMerge: 'move', onErase: 'delete', onDelete: 'cascade' }),
    text: col.text(),
    authorKind: col.text(),
    authorId: col.text(),
  },
  options: { indexes: [{ on: ['customerId', 'createdAt'] }] },
}

const promotedTraits: TableDefinition = {
  name: 'promotedTraits',
  columns: {
    name: col.text().unique(),
    tenants: col.integer(),
    state: col.enum(['building', 'ready']),
  },
  options: { tenancy: { global: 'an index is of the table, and the table is of all tenants' } },
}

const promotedAt = col.timestamp().nullable()
const tables = [customerTags, customerNotes, promotedTraits] as const

export const m0004Profiles: Migration = {
  async up(m) {
    for (const table of tables) await m.createTable(table)
    await m.addColumn('traitDefinitions', 'promotedAt', promotedAt)
  },
  async down(m) {
    await m.dropColumn('traitDefinitions', 'promotedAt', promotedAt)
    for (const { name } of tables.toReversed()) await m.dropTable(name)
  },
}
