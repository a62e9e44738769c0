import type { Kysely } from 'kysely'
import { col } from '../entity/column.ts'
import { defineEntity, type TableOf } from '../entity/entity.ts'

/** When each schedule is due next: the truth, of which timers are only a hint. One row for each tenant it is for. */
export const ScheduleEntity = defineEntity(
  'schedules',
  {
    tenantId: col.text().describe('`*` for one that is for the whole instance'),
    name: col.text(),
    definition: col.text().describe('What the code said when `nextRunAt` was worked out'),
    zone: col.text().describe('The IANA zone its fields are read in'),
    nextRunAt: col.timestamp().nullable().describe('Null when no instant is left'),
    lastRunAt: col.timestamp().nullable().describe('The last instant for which a job was added'),
    lastJobId: col.id().nullable(),
  },
  {
    tenancy: { global: 'Due schedules are found across tenants; each row names the tenant it is for' },
    indexes: [{ on: ['name', 'tenantId'], unique: true }, { on: ['nextRunAt'] }],
    description: 'When jobs that come by the clock are due next',
  },
)

/** Queries over schedules of all tenants. */
export type SchedulesDb = Kysely<{
  schedules: Omit<TableOf<typeof ScheduleEntity>, 'tenantId'> & { tenantId: string }
  settings: { tenantId: string; name: string; value: unknown }
}>
