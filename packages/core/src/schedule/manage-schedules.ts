import type { Ctx, Tx } from '../context/context.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { JobRow } from '../job/manage-jobs.ts'
import { JobEntity } from '../job/job.entity.ts'
import { runtimeOf, type InternalTx } from '../kernel/runtime.ts'
import { fromTimestamp, type Timestamp } from '../ports/clock.ts'
import { TenantSettings } from '../settings/settings.ts'
import { addScheduled } from './fire-schedules.ts'
import type { Schedule } from './schedule.ts'
import type { SchedulesDb } from './schedule.entity.ts'

/** A schedule as one tenant sees it. */
export interface ScheduleView extends Pick<Schedule['options'], 'cron' | 'zone' | 'each'> {
  readonly name: string
  readonly job: string
  readonly nextRunAt: Timestamp | null
  readonly lastRunAt: Timestamp | null
  readonly lastJob: { readonly id: string; readonly state: JobRow['state'] | 'gone' } | null
}

/** The schedules of the tenant; where there is only one, also those of the whole instance. */
export async function listSchedules(ctx: Ctx): Promise<readonly ScheduleView[]> {
  const schedules = schedulesSeen(ctx)
  if (schedules.length === 0) return []
  const db: SchedulesDb = ctx.db
  const rows = await db
    .selectFrom('schedules')
    .selectAll()
    .where(
      'name',
      'in',
      schedules.map(({ name }) => name),
    )
    // tenant-site: schedules.list
    .where('tenantId', 'in', [ctx.tenantId, WHOLE_INSTANCE])
    .execute()
  const stateOf = new Map(
    (await ctx.repo(JobEntity).getMany(rows.flatMap((row) => row.lastJobId ?? []))).map(
      ({ id, state }) => [id, state] as const,
    ),
  )
  const { timeZone } = await ctx.settings(TenantSettings)
  return schedules.map((schedule) => {
    const { cron, zone, each } = schedule.options
    const tenantId = tenantOf(ctx, schedule)
    const row = rows.find((one) => one.name === schedule.name && one.tenantId === tenantId)
    return {
      name: schedule.name,
      job: schedule.job.name,
      cron,
      zone: zone === 'tenant' ? timeZone : zone,
      each,
      nextRunAt: row?.nextRunAt ?? null,
      lastRunAt: row?.lastRunAt ?? null,
      lastJob: row?.lastJobId ? { id: row.lastJobId, state: stateOf.get(row.lastJobId) ?? 'gone' } : null,
    }
  })
}

/** Adds the schedule's job now, on behalf of the caller. Answers its id. @throws `entity.not_found` */
export async function runSchedule(t: Tx, name: string): Promise<string> {
  const schedule = schedulesSeen(t).find((one) => one.name === name)
  if (!schedule) throw coreErrors['entity.not_found']({ entity: 'schedules', id: name })
  const runtime = runtimeOf(t)
  const { actor, origin, trace, connection, enqueuedJobs } = t as InternalTx
  const owner = { tenantId: tenantOf(t, schedule), actor, origin, trace, connection }
  const [id] = await addScheduled(runtime, owner, schedule, [fromTimestamp(t.now())])
  enqueuedJobs.add(schedule.job.name)
  return id!
}

/** Where tenants share an instance, what is for all of them is none of theirs. */
function schedulesSeen(ctx: Ctx): readonly Schedule[] {
  const { mode, registry } = runtimeOf(ctx)
  return [...registry.schedules.values()].filter(
    ({ options }) => mode === 'single' || options.each === 'tenant',
  )
}

function tenantOf(ctx: Ctx, { options }: Schedule): string {
  return options.each === 'instance' ? WHOLE_INSTANCE : ctx.tenantId
}
