import { col } from '../../entity/column.ts'
import type { Migration } from '../../migration/migration.ts'

export const m0004Schedules: Migration = {
  async up(m) {
    await m.createTable({
      name: 'schedules',
      columns: {
        tenantId: col.text(),
        name: col.text(),
        definition: col.text(),
        zone: col.text(),
        nextRunAt: col.timestamp().nullable(),
        lastRunAt: col.timestamp().nullable(),
        lastJobId: col.id().nullable(),
      },
      options: {
        tenancy: { global: 'due schedules are found across tenants' },
        indexes: [{ on: ['name', 'tenantId'], unique: true }, { on: ['nextRunAt'] }],
      },
    })
    await m.addColumn('jobs', 'scheduledFor', col.timestamp().nullable())
  },
  async down(m) {
    await m.dropColumn('jobs', 'scheduledFor', col.timestamp().nullable())
    await m.dropTable('schedules')
  },
}
