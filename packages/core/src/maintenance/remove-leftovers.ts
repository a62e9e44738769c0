import { sql } from 'kysely'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import type { JobsDb } from '../job/job.entity.ts'
import { jobStatements } from '../job/job-statements.ts'
import type { JobCtx } from '../job/job.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { toTimestamp } from '../ports/clock.ts'
import { scheduleStatements } from '../schedule/schedule-statements.ts'

/** How long what died, and what nobody knows any more, can be looked at. */
const KEPT_MS = 30 * 86_400_000

const SLICE = 500

/** Removes jobs of all tenants that died 30 days ago; answers how many. */
export async function removeDeadJobs(runtime: Runtime, ctx: JobCtx): Promise<number> {
  const before = toTimestamp(runtime.clock.now() - KEPT_MS)
  const db: JobsDb = ctx.db
  for (let removed = 0; ;) {
    ctx.signal.throwIfAborted()
    // On the population lane: no index leads to dead jobs, for all would pay for it.
    const found = await ctx.population.run(
      db
        .selectFrom('jobs')
        .select('id')
        .where('state', '=', sql.lit('dead'))
        .where('finishedAt', '<', before)
        .limit(SLICE),
    )
    const ids = found.map(({ id }) => id)
    const gone = await runtime.storage.write({ tenantId: WHOLE_INSTANCE }, (connection) =>
      jobStatements(runtime, connection)(
        'removeDead',
        (jobs, p) =>
          jobs
            .deleteFrom('jobs')
            .where((eb) => runtime.sql.helpers.anyOf(eb.ref('id'), 'uuid', p('ids')))
            // One may have been retried meanwhile.
            .where('state', '=', sql.lit('dead'))
            .returning('id'),
        { ids },
      ),
    )
    removed += gone.length
    if (ids.length < SLICE) return removed
  }
}

/** Removes what is kept of schedules that no process has fired for 30 days, as no code has them any more. */
export function removeForgottenSchedules(runtime: Runtime): Promise<number> {
  const before = toTimestamp(runtime.clock.now() - KEPT_MS)
  const names = [...runtime.registry.schedules.keys()]
  return runtime.storage.write({ tenantId: WHOLE_INSTANCE }, async (connection) => {
    const gone = await scheduleStatements(runtime, connection)(
      'forget',
      (db, p) =>
        db
          .deleteFrom('schedules')
          .where('nextRunAt', '<', p('before'))
          .where((eb) => eb.not(runtime.sql.helpers.anyOf(eb.ref('name'), 'text', p('names'))))
          .returning('id'),
      { before, names },
    )
    return gone.length
  })
}
