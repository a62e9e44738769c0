import type { Events } from '../event/events.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { ClaimedJob, Lease, Outcome } from './claimed-job.ts'
import { JobRun } from './job-run.ts'
import { JobSlots } from './job-slots.ts'
import type { JobHandler } from './job.ts'
import { withDefaults, type JobsOptions } from './jobs.options.ts'
import type { Queue } from './queue.ts'
import { Wake } from './wake.ts'

/** Runs the jobs that this process has code for. */
export interface Worker {
  start(): Promise<void>
  /** Takes no more jobs; gives those that still run after `graceMs` back, to be run again elsewhere. */
  stop(graceMs: number): Promise<void>
  /** Runs due jobs until none is left or `maxMs` have passed; answers how many runs there were. */
  drain(options?: { readonly maxMs?: number }): Promise<number>
}

/** The first wait of a worker that found nothing; it doubles up to `pollMs`. */
const SHORTEST_WAIT = 20

export function createWorker(runtime: Runtime, queue: Queue, events: Events, options?: JobsOptions): Worker {
  return new JobWorker(runtime, queue, new Map([...runtime.registry.jobs, ...events.jobs]), withDefaults(options))
}

class JobWorker implements Worker {
  readonly #runtime: Runtime
  readonly #queue: Queue
  readonly #handlers: ReadonlyMap<string, JobHandler>
  readonly #options: ReturnType<typeof withDefaults>
  readonly #slots: JobSlots
  readonly #running = new Set<JobRun>()
  readonly #wake = new Wake()
  /** Ended runs that are not yet settled. */
  #outcomes: Outcome[] = []
  /** The last work on the database; one at a time, so that own statements never wait for each other's locks. */
  #database: Promise<unknown> = Promise.resolve()
  #sweptAt = Number.NEGATIVE_INFINITY
  #stopping = false
  #heart: NodeJS.Timeout | undefined
  #loop: Promise<void> | undefined
  #unlisten: (() => Promise<void>) | undefined

  constructor(runtime: Runtime, queue: Queue, handlers: ReadonlyMap<string, JobHandler>, options: ReturnType<typeof withDefaults>) {
    this.#runtime = runtime
    this.#queue = queue
    this.#handlers = handlers
    this.#options = options
    this.#slots = new JobSlots(handlers)
  }

  async start(): Promise<void> {
    if (this.#handlers.size === 0) return
    this.#unlisten = await this.#queue.listen((names = []) => {
      if (names.length === 0 || names.some((name) => this.#handlers.has(name))) this.#wake.ring()
    })
    this.#loop = this.#work()
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    this.#wake.ring()
    await this.#loop
    const until = performance.now() + graceMs
    while (this.#running.size > 0 && performance.now() < until) {
      await this.#wake.wait(Math.min(until - performance.now(), this.#options.pollMs))
      await this.#turn({ claim: false }).catch(this.#logFailure)
    }
    for (const run of this.#running) run.abortAs('stopped')
    while (this.#running.size > 0) await this.#wake.wait(SHORTEST_WAIT)
    if (this.#outcomes.length > 0) await this.#turn({ claim: false }).catch(this.#logFailure)
    clearInterval(this.#heart)
    await this.#unlisten?.()
  }

  async drain({ maxMs = Number.POSITIVE_INFINITY }: { readonly maxMs?: number } = {}): Promise<number> {
    const until = performance.now() + maxMs
    let runs = 0
    // A sweep costs more than a claim, so it is made when there seems to be nothing left.
    for (let sweep = true; !this.#stopping; ) {
      const claim = performance.now() < until
      const claimed = await this.#turn({ claim, sweep })
      runs += claimed
      if (claimed === 0 && this.#running.size === 0 && this.#outcomes.length === 0 && (sweep || !claim)) return runs
      sweep = claimed === 0 && this.#running.size === 0
      if (this.#running.size > 0) await this.#wake.wait(SHORTEST_WAIT)
      await macrotask()
    }
    return runs
  }

  async #work(): Promise<void> {
    for (let wait = SHORTEST_WAIT; !this.#stopping; ) {
      let claimed = 0
      try {
        claimed = await this.#turn({ claim: true })
        wait = claimed > 0 ? SHORTEST_WAIT : Math.min(wait * 2, this.#options.pollMs)
      } catch (error) {
        this.#logFailure(error)
        wait = this.#options.pollMs
      }
      // A full batch means that there is more.
      if (claimed < this.#options.batch && !this.#stopping) await this.#wake.wait(wait)
      // Runs that end together are settled together.
      await macrotask()
    }
  }

  /** One transaction: settles what has ended, takes what may start. Answers how many started. */
  #turn({ claim, sweep = this.#sweepIsDue() }: { readonly claim: boolean; readonly sweep?: boolean }): Promise<number> {
    return this.#alone(async () => {
      const outcomes = this.#outcomes.splice(0)
      const wanted = claim ? this.#slots.wanted(this.#options.batch) : []
      const held = sweep ? [...this.#running] : []
      try {
        const result = await this.#queue.turn({ outcomes, wanted, sweep, held: held.map((run) => run.held()) })
        if (sweep) this.#sweptAt = this.#runtime.clock.now()
        this.#extended(held, result)
        for (const job of result.claimed) this.#begin(job, result.leaseUntil)
        for (const { id, dead, ...job } of result.expired) {
          const fields = { jobId: id, job: job.name, tenantId: job.tenantId, attempt: job.attempt }
          this.#runtime.logger.warn(fields, dead ? 'job died with its worker' : 'job was taken from a worker without a sign of life')
        }
        return result.claimed.length
      } catch (error) {
        this.#outcomes.unshift(...outcomes)
        throw error
      }
    })
  }

  #begin(job: ClaimedJob, leaseUntil: number): void {
    const host = { runtime: this.#runtime, queue: this.#queue }
    const run = new JobRun(host, job, this.#handlers.get(job.name)!, leaseUntil)
    this.#running.add(run)
    this.#slots.take(job.name)
    this.#heart ??= setInterval(() => void this.#beat(), this.#options.heartbeatMs).unref()
    void run.run().then((outcome) => {
      this.#running.delete(run)
      this.#slots.free(job.name)
      if (outcome) this.#outcomes.push(outcome)
      this.#wake.ring()
    })
  }

  /** A sign of life of all running jobs. */
  async #beat(): Promise<void> {
    if (this.#running.size === 0) return
    try {
      await this.#alone(async () => {
        const held = [...this.#running]
        this.#extended(held, await this.#queue.extend(held.map((run) => run.held())))
      })
    } catch (error) {
      this.#logFailure(error)
      const now = this.#runtime.clock.now()
      for (const run of this.#running) if (run.leaseUntil <= now) run.abortAs('lease lost')
    }
  }

  #extended(held: readonly JobRun[], { lost, leaseUntil }: { readonly lost: readonly Lease[]; readonly leaseUntil: number }): void {
    for (const run of held) {
      const { id, token } = run.job
      if (lost.some((lease) => lease.id === id && lease.token === token)) run.abortAs('lease lost')
      else run.leaseUntil = leaseUntil
    }
    const running = new Set(held.map(({ job }) => job.token + job.id))
    for (const { id, token } of lost) {
      if (!running.has(token + id)) this.#runtime.logger.warn({ jobId: id }, 'late end of a job was refused; another worker has it')
    }
  }

  #sweepIsDue(): boolean {
    return this.#runtime.clock.now() - this.#sweptAt >= Math.min(1000, this.#options.leaseMs / 4)
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#database.then(work)
    this.#database = result.catch(() => {})
    return result
  }

  readonly #logFailure = (err: unknown): void => {
    this.#runtime.logger.error({ err }, 'worker could not reach its jobs; it tries again')
  }
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
