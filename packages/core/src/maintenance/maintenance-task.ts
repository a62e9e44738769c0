import * as z from 'zod'
import type { BoundContext } from '../context/bound-context.ts'
import type { Ctx } from '../context/context.ts'
import { defineJob, handleJob, type Job, type JobCtx, type JobHandler } from '../job/job.ts'
import { runtimeOf, type Runtime } from '../kernel/runtime.ts'
import { defineSchedule, type Schedule } from '../schedule/schedule.ts'
import { TenantDirectory } from '../tenant/tenant-directory.ts'

/** Upkeep of the instance that goes on by itself: a job of its own, in tenant `*`, by a schedule. */
export interface MaintenanceTask {
  readonly job: Job
  readonly handler: JobHandler
  readonly schedule: Schedule
}

interface TaskOptions {
  /** `core.verbNoun`; of the job and the schedule. */
  readonly name: string
  /** In UTC. Tasks have a time of their own each, so that they do not stand in each other's way. */
  readonly cron: string
  /** What is logged when it is done: `expired files removed`. */
  readonly done: string
}

/**
 * A task for the whole instance.
 * @param run answers how many it took away or renewed
 */
export function instanceTask(
  options: TaskOptions,
  run: (runtime: Runtime, ctx: JobCtx) => Promise<number>,
): MaintenanceTask {
  return task(options, async (ctx) => {
    const count = await run(runtimeOf(ctx), ctx)
    ctx.log.info({ task: options.name, count }, options.done)
  })
}

/**
 * A task that goes through the tenants. One that fails does not keep it from the others; it is tried again with the
 * whole job.
 *
 * @param run with a context of the tenant, whose transactions commit only while this worker holds the job
 */
export function tenantTask(
  options: TaskOptions,
  run: (ctx: Ctx, runtime: Runtime) => Promise<number>,
): MaintenanceTask {
  return task(options, async (ctx) => {
    const tenants = await ctx.get(TenantDirectory).list(ctx)
    if (tenants.length === 0) {
      ctx.log.warn({ task: options.name }, 'nothing is kept tidy: no tenant is known; set tenancy.tenants')
    }
    const failures: unknown[] = []
    let count = 0
    for (const [done, tenantId] of tenants.entries()) {
      await ctx.progress(done, tenants.length)
      try {
        count += await run(inTenant(ctx, tenantId), runtimeOf(ctx))
      } catch (error) {
        ctx.signal.throwIfAborted()
        ctx.log.error({ task: options.name, tenantId, err: error }, 'maintenance of a tenant failed')
        failures.push(error)
      }
    }
    ctx.log.info({ task: options.name, count, tenants: tenants.length }, options.done)
    if (failures.length > 0)
      throw new AggregateError(failures, `It failed for ${failures.length} of ${tenants.length} tenants`)
  })
}

function task({ name, cron }: TaskOptions, run: (ctx: JobCtx) => Promise<void>): MaintenanceTask {
  const job = defineJob(name, z.object({}), {
    attempts: 3,
    backoffMs: 60_000,
    timeoutMs: 6 * 3_600_000,
    concurrency: 1,
  })
  return {
    job,
    handler: handleJob(job, (_, ctx) => run(ctx)),
    schedule: defineSchedule(job, {}, { cron, each: 'instance' }),
  }
}

function inTenant(ctx: JobCtx, tenantId: string): Ctx {
  const { scope } = ctx as unknown as BoundContext
  return runtimeOf(ctx).context({ ...scope, tenantId })
}
