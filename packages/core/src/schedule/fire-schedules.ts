import { systemActor } from '../context/actor.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { addJobs, type JobOwner } from '../job/add-jobs.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { fromTimestamp, toTimestamp } from '../ports/clock.ts'
import type { Connection } from '../storage/storage.ts'
import { cronOf } from './cron.ts'
import { dueInstants } from './due-instants.ts'
import type { Schedule } from './schedule.ts'
import { scheduleStatements, tenantZones, type RunScheduleStatement } from './schedule-statements.ts'

/** Schedules advanced in one transaction at most. */
const SLICE = 100

/** By definition: rows that another version of the code has worked out are left to it. */
export type KnownSchedules = ReadonlyMap<string, Schedule>

/** The instant at which one of the schedules is due next, in milliseconds since 1970. */
export async function nextDue(runtime: Runtime, known: KnownSchedules): Promise<number | null> {
  const [first] = await runtime.storage.read({ tenantId: WHOLE_INSTANCE }, (connection) =>
    scheduleStatements(runtime, connection)(
      'next',
      (db, p) =>
        db
          .selectFrom('schedules')
          .select('nextRunAt')
          .where('nextRunAt', 'is not', null)
          .where((eb) => runtime.sql.helpers.anyOf(eb.ref('definition'), 'text', p('definitions')))
          .orderBy('nextRunAt')
          .limit(1),
      { definitions: [...known.keys()] },
    ),
  )
  return first?.nextRunAt ? fromTimestamp(first.nextRunAt) : null
}

/**
 * Adds the jobs of schedules that are due and advances these, in one transaction: whoever holds a row adds its jobs,
 * and when that process dies neither has happened. Answers the jobs' names, and whether there may be more.
 */
export async function fireDue(
  runtime: Runtime,
  known: KnownSchedules,
): Promise<{ readonly jobs: readonly string[]; readonly more: boolean }> {
  const now = runtime.clock.now()
  return runtime.storage.write({ tenantId: WHOLE_INSTANCE }, async (connection) => {
    const run = scheduleStatements(runtime, connection)
    const due = await claimDue(runtime, run, { known, now })
    const inTenantZone = due.filter(({ definition }) => known.get(definition)!.options.zone === 'tenant')
    const zoneOf = await tenantZones(
      runtime,
      run,
      inTenantZone.map(({ tenantId }) => tenantId),
    )
    const jobs: string[] = []
    for (const row of due) {
      const schedule = known.get(row.definition)!
      const zone = schedule.options.zone === 'tenant' ? zoneOf(row.tenantId) : schedule.options.zone
      const ids = await advance({ runtime, connection, run }, { row, schedule, zone, now })
      if (ids.length > 0) jobs.push(schedule.job.name)
    }
    return { jobs, more: due.length === SLICE }
  })
}

interface DueRow {
  readonly id: string
  readonly tenantId: string
  readonly definition: string
  readonly zone: string
  readonly nextRunAt: string | null
}

function claimDue(
  runtime: Runtime,
  run: RunScheduleStatement,
  { known, now }: { readonly known: KnownSchedules; readonly now: number },
): Promise<DueRow[]> {
  return run(
    'claim',
    (db, p) => {
      const due = db
        .selectFrom('schedules')
        .select(['id', 'tenantId', 'definition', 'zone', 'nextRunAt'])
        .where('nextRunAt', '<=', p('now'))
        .where((eb) => runtime.sql.helpers.anyOf(eb.ref('definition'), 'text', p('definitions')))
        .orderBy('nextRunAt')
        .limit(SLICE)
      return runtime.storage.capabilities.skipLocked ? due.forUpdate().skipLocked() : due
    },
    { now: toTimestamp(now), definitions: [...known.keys()] },
  )
}

interface Transaction {
  readonly runtime: Runtime
  readonly connection: Connection
  readonly run: RunScheduleStatement
}

async function advance(
  { runtime, connection, run }: Transaction,
  of: { readonly row: DueRow; readonly schedule: Schedule; readonly zone: string; readonly now: number },
): Promise<readonly string[]> {
  const { row, schedule, zone, now } = of
  const { cron, missed } = schedule.options
  const from = fromTimestamp(row.nextRunAt!)
  const due = dueInstants(cronOf(cron, row.zone), { from, now, missed })
  const next = zone === row.zone ? due.next : cronOf(cron, zone).next(now)
  const trace = { correlationId: runtime.ids.next(), causationId: null, depth: 0 }
  const owner = { tenantId: row.tenantId, actor: systemActor, origin: 'live', trace, connection } as const
  const ids = await addScheduled(runtime, owner, schedule, due.instants)
  const last = due.instants.at(-1)
  await run(
    last === undefined ? 'skip' : 'advance',
    (db, p) =>
      db
        .updateTable('schedules')
        .set((eb) => ({
          zone: p('zone'),
          nextRunAt: p('nextRunAt'),
          ...(last === undefined ? {} : { lastRunAt: p('lastRunAt'), lastJobId: p('lastJobId') }),
          version: eb('version', '+', 1),
          updatedAt: p('now'),
        }))
        .where('id', '=', p('id')),
    {
      id: row.id,
      zone,
      now: toTimestamp(now),
      nextRunAt: next === null ? null : toTimestamp(next),
      ...(last === undefined ? {} : { lastRunAt: toTimestamp(last), lastJobId: ids.at(-1) }),
    },
  )
  return ids
}

/** Adds one job of the schedule for each instant. */
export function addScheduled(
  runtime: Runtime,
  owner: JobOwner,
  { job, input }: Schedule,
  instants: readonly number[],
): Promise<string[]> {
  return addJobs(
    runtime,
    owner,
    instants.map((instant) => ({
      name: job.name,
      // Checked when the instance was composed; parsed, as what is enqueued is stored.
      input: job.input.parse(input) ?? null,
      attempts: job.options.attempts,
      causationId: owner.trace.causationId,
      depth: owner.trace.depth,
      scheduledFor: toTimestamp(instant),
      options: {},
    })),
  )
}
