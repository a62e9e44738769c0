import * as z from 'zod'
import type { Kysely } from 'kysely'
import { col } from '../entity/column.ts'
import { defineEntity, type TableOf } from '../entity/entity.ts'

/**
 * `waiting` until its time has come, `ready` to be taken, `running` under a lease, `dead` after its last attempt.
 * A job that is done is deleted. All but `dead` are living.
 *
 *   enqueue ─▶ waiting ─▶ ready ─▶ running ─▶ gone
 *                 ▲         ▲         │
 *                 │         └─────────┤ its lease expired, or its worker stopped
 *                 └───────────────────┤ it failed and may try again
 *                                     └─▶ dead
 */
export const jobStates = ['waiting', 'ready', 'running', 'dead'] as const

export const JobEntity = defineEntity(
  'jobs',
  {
    tenantId: col.text(),
    name: col.text().filterable().sortable(),
    input: col.json(z.json()),
    state: col.enum(jobStates).filterable(),
    rank: col.integer().describe('The lower, the sooner: minus the priority'),
    runAt: col.timestamp().filterable().sortable(),
    attempt: col.integer().describe('Runs begun so far'),
    maxAttempts: col.integer(),
    leaseUntil: col.timestamp().nullable(),
    leaseToken: col.id().nullable().describe('Who may settle it: new with every claim'),
    dedupeKey: col.text().nullable(),
    progressDone: col.real().nullable(),
    progressTotal: col.real().nullable(),
    lastError: col.text().nullable(),
    actorKind: col.text().describe('On whose behalf it runs'),
    actorId: col.text(),
    origin: col.enum(['live', 'import', 'replay']),
    correlationId: col.text(),
    causationId: col.text().nullable().describe('The event or job it followed from'),
    depth: col.integer(),
    scheduledFor: col.timestamp().nullable().describe('The instant of the schedule that it stands for'),
    finishedAt: col.timestamp().nullable().describe('When it died'),
  },
  {
    tenancy: { global: 'Workers take jobs across tenants; each row names the tenant it works for' },
    // A living job stands in one of the first three. They are partial so that taking a job touches few of them.
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
    description: 'Work to be done later, and work that failed for good',
  },
)

/** Queries over jobs of all tenants. */
export type JobsDb = Kysely<{ jobs: Omit<TableOf<typeof JobEntity>, 'tenantId'> & { tenantId: string } }>
