import { sql } from 'kysely'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import type { JobsDb } from '../job/job.entity.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { systemStatements } from '../sql/system-statements.ts'
import type { LiveJob } from './live-event.ts'

/** A job that stands otherwise than it did at the last look. */
export interface JobNews {
  readonly tenantId: string
  readonly job: LiveJob
}

/**
 * How the jobs of some tenants stand: those that run, and what becomes of those that were seen running. A backlog of
 * waiting jobs costs nothing.
 */
export class JobWatch {
  readonly #runtime: Runtime
  /** By tenant and id; a tenant that is watched has an entry. */
  readonly #known = new Map<string, Map<string, LiveJob>>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
  }

  watches(tenantId: string): boolean {
    return this.#known.has(tenantId)
  }

  /** As of the last look. */
  current(tenantId: string): readonly LiveJob[] {
    return [...(this.#known.get(tenantId)?.values() ?? [])]
  }

  /** Looks, and answers what is new. Tenants that are not asked for are forgotten. */
  async look(tenants: readonly string[]): Promise<readonly JobNews[]> {
    for (const tenantId of this.#known.keys()) if (!tenants.includes(tenantId)) this.#known.delete(tenantId)
    if (tenants.length === 0) return []
    const rows = await this.#rows(tenants)
    const found = new Set<string>(rows.map(({ id }) => id))
    const news: JobNews[] = []
    for (const tenantId of tenants) if (!this.#known.has(tenantId)) this.#known.set(tenantId, new Map())
    for (const row of rows) {
      const job = jobOf(row)
      const known = this.#known.get(row.tenantId)
      if (!known) continue
      if (!isSame(known.get(job.id), job)) news.push({ tenantId: row.tenantId, job })
      if (job.state === 'dead') known.delete(job.id)
      else known.set(job.id, job)
    }
    for (const [tenantId, known] of this.#known) {
      for (const job of known.values()) {
        if (found.has(job.id)) continue
        known.delete(job.id)
        news.push({ tenantId, job: { ...job, state: 'done' } })
      }
    }
    return news
  }

  async #rows(tenants: readonly string[]): Promise<readonly JobRow[]> {
    const { storage, sql: layer } = this.#runtime
    const { helpers } = layer
    return storage.read({ tenantId: WHOLE_INSTANCE }, async (connection) => {
      const run = systemStatements<JobsDb>(this.#runtime, connection, 'live.jobs')
      const running = await run(
        'running',
        (db, p) =>
          jobs(db)
            // Written out, so that the planner sees the partial index.
            .where('state', '=', sql.lit('running'))
            .where((eb) => helpers.anyOf(eb.ref('tenantId'), 'text', p('tenants'))),
        { tenants },
      )
      const seen = new Set(running.map(({ id }) => id))
      const ids = [...this.#known.values()]
        .flatMap((known) => [...known.keys()])
        .filter((id) => !seen.has(id))
      if (ids.length === 0) return running
      const others = await run(
        'others',
        (db, p) => jobs(db).where((eb) => helpers.anyOf(eb.ref('id'), 'uuid', p('ids'))),
        { ids },
      )
      return [...running, ...others]
    })
  }
}

interface JobRow extends Pick<LiveJob, 'id' | 'name' | 'attempt'> {
  readonly tenantId: string
  readonly state: Exclude<LiveJob['state'], 'done'>
  readonly progressDone: number | null
  readonly progressTotal: number | null
}

function jobs(db: JobsDb) {
  return db
    .selectFrom('jobs')
    .select(['id', 'tenantId', 'name', 'state', 'attempt', 'progressDone', 'progressTotal'])
}

function jobOf({ id, name, state, attempt, progressDone, progressTotal }: JobRow): LiveJob {
  return { id, name, state, attempt, done: progressDone, total: progressTotal }
}

function isSame(a: LiveJob | undefined, b: LiveJob): boolean {
  return a?.state === b.state && a.attempt === b.attempt && a.done === b.done && a.total === b.total
}
