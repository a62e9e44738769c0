import { systemContext, WHOLE_INSTANCE } from '../context/system-context.ts'
import { isTenantId } from '../context/tenant-id.ts'
import { withDefaults, type JobsOptions } from '../job/jobs.options.ts'
import type { Queue } from '../job/queue.ts'
import { Wake } from '../job/wake.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { TenantDirectory } from '../tenant/tenant-directory.ts'
import { fireDue, nextDue, type KnownSchedules } from './fire-schedules.ts'
import type { Schedule } from './schedule.ts'
import { addRows, alignRows, definitionOf, removeRows } from './schedule-rows.ts'

/** Adds the jobs of schedules when these are due. Any number of processes may do so at once. */
export interface Scheduler {
  start(): void
  stop(): Promise<void>
  /** Looks at the tenants and fires what is due; answers how many schedules have fired. */
  fire(): Promise<number>
}

/** How often the tenants are looked at, in real time. */
const LOOK_MS = 60_000

export function createScheduler(runtime: Runtime, queue: Queue, options?: JobsOptions): Scheduler {
  return new JobScheduler(runtime, queue, withDefaults(options).pollMs)
}

class JobScheduler implements Scheduler {
  readonly #runtime: Runtime
  readonly #queue: Queue
  /** Longest wait: another process may have moved an instant. */
  readonly #pollMs: number
  readonly #schedules: readonly Schedule[]
  readonly #known: KnownSchedules
  readonly #wake = new Wake()
  readonly #abort = new AbortController()
  /** Whose rows are there, after the first look. */
  #tenants: ReadonlySet<string> | undefined
  #isAligned = false
  #lookedAt = Number.NEGATIVE_INFINITY
  #loop: Promise<void> | undefined

  constructor(runtime: Runtime, queue: Queue, pollMs: number) {
    this.#runtime = runtime
    this.#queue = queue
    this.#pollMs = pollMs
    this.#schedules = [...runtime.registry.schedules.values()]
    this.#known = new Map(this.#schedules.map((schedule) => [definitionOf(schedule), schedule]))
  }

  start(): void {
    if (this.#schedules.length > 0) this.#loop = this.#work()
  }

  async stop(): Promise<void> {
    this.#abort.abort()
    this.#wake.ring()
    await this.#loop
  }

  async fire(): Promise<number> {
    if (this.#schedules.length === 0) return 0
    await this.#look()
    return this.#fireAll()
  }

  async #work(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      let wait = this.#pollMs
      try {
        if (performance.now() - this.#lookedAt >= LOOK_MS) await this.#look().catch(this.#logNoTenants)
        await this.#fireAll()
        wait = await this.#untilDue()
      } catch (err) {
        this.#runtime.logger.error({ err }, 'scheduler could not do its work; it tries again')
      }
      if (!this.#abort.signal.aborted) await this.#wake.wait(wait)
    }
  }

  async #untilDue(): Promise<number> {
    const next = await nextDue(this.#runtime, this.#known)
    if (next === null) return this.#pollMs
    return Math.min(Math.max(next - this.#runtime.clock.now(), 0), this.#pollMs)
  }

  async #fireAll(): Promise<number> {
    let fired = 0
    // Reading first: nobody needs the write lock to find out that nothing is due.
    for (let due = await this.#isDue(); due && !this.#abort.signal.aborted;) {
      const { jobs, more } = await fireDue(this.#runtime, this.#known)
      fired += jobs.length
      if (jobs.length > 0) this.#queue.notify([...new Set(jobs)])
      due = more
    }
    return fired
  }

  async #isDue(): Promise<boolean> {
    const next = await nextDue(this.#runtime, this.#known)
    return next !== null && next <= this.#runtime.clock.now()
  }

  /** The first look brings all rows up to date; the later ones only those of tenants that came or went. */
  async #look(): Promise<void> {
    this.#lookedAt = performance.now()
    if (!this.#isAligned) {
      // Before the tenants are asked for: what is for the whole instance does not depend on them.
      for (const schedule of this.#each('instance'))
        await alignRows(this.#runtime, schedule, [WHOLE_INSTANCE])
      this.#isAligned = true
    }
    const tenants = new Set(await this.#listTenants())
    const before = this.#tenants
    for (const schedule of this.#each('tenant')) {
      if (!before) {
        await alignRows(this.#runtime, schedule, [...tenants])
        continue
      }
      await addRows(
        this.#runtime,
        schedule,
        [...tenants].filter((one) => !before.has(one)),
      )
      await removeRows(
        this.#runtime,
        schedule,
        [...before].filter((one) => !tenants.has(one)),
      )
    }
    this.#tenants = tenants
  }

  #each(each: Schedule['options']['each']): readonly Schedule[] {
    return this.#schedules.filter(({ options }) => options.each === each)
  }

  async #listTenants(): Promise<readonly string[]> {
    const scoped = this.#each('tenant')
    if (scoped.length === 0) return []
    const ctx = systemContext(this.#runtime, this.#abort.signal)
    const listed = await ctx.get(TenantDirectory).list(ctx)
    const wrong = listed.filter((one) => !isTenantId(one))
    if (wrong.length > 0) {
      this.#runtime.logger.error(
        { tenants: wrong.slice(0, 5) },
        'tenants whose ids cannot be ids are left out',
      )
    }
    if (listed.length === 0 && !this.#tenants) {
      this.#runtime.logger.warn(
        { schedules: scoped.map(({ name }) => name) },
        'schedules of every tenant do not run: no tenant is known; set tenancy.tenants',
      )
    }
    return listed.filter((one) => isTenantId(one))
  }

  /** Those that are known go on. */
  readonly #logNoTenants = (err: unknown): void => {
    this.#runtime.logger.error({ err }, 'scheduler could not look at the tenants; it tries again in a minute')
  }
}
