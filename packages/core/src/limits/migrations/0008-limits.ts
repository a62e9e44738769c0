import { col } from '../../entity/column.ts'
import type { Migration } from '../../migration/migration.ts'

export const m0008Limits: Migration = {
  async up(m) {
    await m.createTable({
      name: 'rateWindows',
      columns: {
        key: col.text().unique(),
        used: col.integer(),
        endsAt: col.timestamp().index(),
      },
      options: {
        tenancy: { global: 'an address is counted before anybody knows which tenant it calls' },
      },
    })
  },
  async down(m) {
    await m.dropTable('rateWindows')
  },
}
