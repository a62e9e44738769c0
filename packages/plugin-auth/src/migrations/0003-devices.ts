import { col, defineEntity, type Migration, type TableDefinition } from '@clientele/core'

// The table and columns as they were at this version; the entities may move on, these may not.
const shared = { tenancy: { global: 'people work in several tenants' } } as const
const users = defineEntity('users', {}, shared)

const knownDevices: TableDefinition = {
  name: 'knownDevices',
  columns: {
    userId: col.ref(() => users, { onDelete: 'cascade' }),
    mark: col.text(),
    lastSeenAt: col.timestamp().index(),
  },
  options: { ...shared, indexes: [{ on: ['userId', 'mark'], unique: true }] },
}

const operatorExpiresAt = col.timestamp().nullable()
const newDeviceMails = col.boolean().default(true)

export const m0003Devices: Migration = {
  async up(m) {
    await m.addColumn('users', 'operatorExpiresAt', operatorExpiresAt)
    await m.addColumn('users', 'newDeviceMails', newDeviceMails)
    await m.createTable(knownDevices)
  },
  async down(m) {
    await m.dropTable('knownDevices')
    await m.dropColumn('users', 'newDeviceMails', newDeviceMails)
    await m.dropColumn('users', 'operatorExpiresAt', operatorExpiresAt)
  },
}
