import { SINGLE_TENANT } from '../context/tenant-id.ts'
import type { Ctx, Tx } from '../context/context.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import type { RowOf } from '../entity/entity.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { runtimeOf, type InternalTx } from '../kernel/runtime.ts'
import type { ListQuery, Page } from '../http/list-query.ts'
import { JobEntity } from './job.entity.ts'
import { jobErrors } from './job.errors.ts'
import { jobStatements } from './job-statements.ts'

export type JobRow = RowOf<typeof JobEntity>

/** The tenants whose jobs a context sees: its own, and where there is only one, the instance's own too. */
function tenantsSeen(ctx: Ctx): readonly string[] {
  return runtimeOf(ctx).mode === 'single' ? [SINGLE_TENANT, WHOLE_INSTANCE] : [ctx.tenantId]
}

/** Jobs that wait, run or are dead; those that are done are gone. */
export function listJobs(ctx: Ctx, query: ListQuery): Promise<Page<JobRow>> {
  const tenants = tenantsSeen(ctx)
  // tenant-site: jobs.list
  return ctx.repo(JobEntity).list({ ...query, where: (eb) => eb('jobs.tenantId', 'in', tenants) })
}

const NO_FILTER: ListQuery = { filters: [], sort: [{ field: 'id', direction: 'desc' }], limit: 1 }

/** @throws `entity.not_found` */
export async function getJob(ctx: Ctx, id: string): Promise<JobRow> {
  const { items } = await listJobs(ctx, {
    ...NO_FILTER,
    filters: [{ field: 'id', operator: 'eq', value: id }],
  })
  if (items.length === 0) throw coreErrors['entity.not_found']({ entity: 'jobs', id })
  return items[0]!
}

/**
 * Takes a living job away. One that runs is told so by its worker's next sign of life; from now on no transaction of
 * its run can commit, and what it has committed stays.
 *
 * @throws `entity.not_found`, `job.wrong_state`
 */
export async function cancelJob(t: Tx, id: string): Promise<void> {
  const [gone] = await statements(t)(
    'cancel',
    (db, p) =>
      db
        .deleteFrom('jobs')
        .where('id', '=', p('id'))
        // tenant-site: jobs.cancel
        .where((eb) => t.sql.anyOf(eb.ref('tenantId'), 'text', p('tenants')))
        .where('state', '<>', 'dead')
        .returning('id'),
    { id, tenants: tenantsSeen(t) },
  )
  if (!gone) await refuse(t, id, 'cancel')
}

/**
 * Makes a dead job ready, with all its attempts before it.
 * @throws `entity.not_found`, `job.wrong_state`, `job.living_duplicate`
 */
export async function retryJob(t: Tx, id: string): Promise<JobRow> {
  const [ready] = await statements(t)(
    'retry',
    (db, p) =>
      db
        .updateTable('jobs')
        .set((eb) => ({
          state: 'ready',
          attempt: 0,
          runAt: p('now'),
          finishedAt: null,
          version: eb('version', '+', 1),
          updatedAt: p('now'),
        }))
        .where('id', '=', p('id'))
        // tenant-site: jobs.retry
        .where((eb) => t.sql.anyOf(eb.ref('tenantId'), 'text', p('tenants')))
        .where('state', '=', 'dead')
        .returning('name'),
    { id, now: t.now(), tenants: tenantsSeen(t) },
  ).catch((cause: unknown) => {
    const isTaken = runtimeOf(t).storage.constraintOf(cause)?.kind === 'unique'
    throw isTaken ? jobErrors['job.living_duplicate']({ jobId: id }, { cause }) : cause
  })
  if (!ready) return refuse(t, id, 'retry')
  ;(t as InternalTx).enqueuedJobs.add(ready.name)
  return getJob(t, id)
}

/** Removes a dead job. @throws `entity.not_found`, `job.wrong_state` */
export async function removeJob(t: Tx, id: string): Promise<void> {
  const [gone] = await statements(t)(
    'remove',
    (db, p) =>
      db
        .deleteFrom('jobs')
        .where('id', '=', p('id'))
        // tenant-site: jobs.remove
        .where((eb) => t.sql.anyOf(eb.ref('tenantId'), 'text', p('tenants')))
        .where('state', '=', 'dead')
        .returning('id'),
    { id, tenants: tenantsSeen(t) },
  )
  if (!gone) await refuse(t, id, 'remove')
}

async function refuse(t: Tx, id: string, action: 'cancel' | 'retry' | 'remove'): Promise<never> {
  await getJob(t, id)
  throw jobErrors['job.wrong_state']({ jobId: id, action })
}

function statements(t: Tx): ReturnType<typeof jobStatements> {
  return jobStatements(runtimeOf(t), (t as InternalTx).connection)
}
