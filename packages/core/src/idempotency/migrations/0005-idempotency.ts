import { col } from '../../entity/column.ts'
import type { Migration } from '../../migration/migration.ts'

export const m0005Idempotency: Migration = {
  async up(m) {
    await m.createTable({
      name: 'idempotencyKeys',
      columns: {
        key: col.text().unique(),
        route: col.text(),
        fingerprint: col.text(),
        state: col.text(),
        token: col.id(),
        lockedUntil: col.timestamp(),
        expiresAt: col.timestamp().index(),
        answer: col.text().nullable(),
      },
    })
  },
  async down(m) {
    await m.dropTable('idempotencyKeys')
  },
}
