import * as z from 'zod'
import { col } from '../../entity/column.ts'
import type { Migration } from '../../migration/migration.ts'

export const m0001Settings: Migration = {
  async up(m) {
    await m.createTable({
      name: 'settings',
      columns: { name: col.text().unique(), value: col.json(z.json()) },
    })
  },
  async down(m) {
    await m.dropTable('settings')
  },
}
