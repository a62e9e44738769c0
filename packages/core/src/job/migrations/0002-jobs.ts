import * as z from 'zod'
import { col } from '../../entity/column.ts'
import type { Migration } from '../../migration/migration.ts'

export const m0002Jobs: Migration = {
  async up(m) {
    await m.createTable({
      name: 'jobs',
      columns: {
        tenantId: col.text(),
        name: col.text(),
        input: col.json(z.json()),
        state: col.text(),
        rank: col.integer(),
        runAt: col.timestamp(),
        attempt: col.integer(),
        maxAttempts: col.integer(),
        leaseUntil: col.timestamp().nullable(),
        leaseToken: col.id().nullable(),
        dedupeKey: col.text().nullable(),
        progressDone: col.real().nullable(),
        progressTotal: col.real().nullable(),
        lastError: col.text().nullable(),
        actorKind: col.text(),
        actorId: col.text(),
        origin: col.text(),
        correlationId: col.text(),
        causationId: col.text().nullable(),
        depth: col.integer(),
        finishedAt: col.timestamp().nullable(),
      },
      options: {
        tenancy: { global: 'workers take jobs across tenants' },
        indexes: [
          { on: ['name', 'rank', 'runAt', 'id'], where: `state = 'ready'` },
          { on: ['runAt'], where: `state = 'waiting'` },
          { on: ['leaseUntil'], where: `state = 'running'` },
          {
            on: ['tenantId', 'name', 'dedupeKey'],
            unique: true,
            where: `dedupe_key IS NOT NULL AND state <> 'dead'`,
          },
        ],
      },
    })
  },
  async down(m) {
    await m.dropTable('jobs')
  },
}
