import type { Events } from '../event/events.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { JobEnd } from '../observe/instruments.ts'
import { traceJob } from '../observe/trace-work.ts'
import type { ClaimedJob, Lease, Outcome } from './claimed-job.ts'
import { JobRun } from './job-run.ts'
import { JobSlots } from './job-slots.ts'
import type { JobHandler } from './job.ts'
import { withDefaults, type JobsOptions } from './jobs.options.ts'
import { Pace } from './pace.ts'
import type { Queue, TurnResult } from './queue.ts'
import { Wake } from './wake.ts'

/** Runs the jobs that this process has code for. */
export interface Worker {
  start(): Promise<void>
  /** Takes no more jobs; gives those that still run after `graceMs` back, to be run again elsewhere. */
  stop(graceMs: number): Promise<void>
  /** Runs due jobs until none is left or `maxMs` have passed; answers how many runs there were. */
  drain(options?: { readonly maxMs?: number }): Promise<number>
}

/** Longest wait for something that rings when it happens. */
const LONGEST_WAIT = 20

interface TurnOptions {
  /** Which jobs to take: of all names, of those that may have some, or none. */
  readonly take: 'all' | 'promising' | 'none'
  readonly sweep: boolean
}

export function createWorker(runtime: Runtime, queue: Queue, events: Events, options?: JobsOptions): Worker {
  return new JobWorker(
    runtime,
    queue,
    new Map([...runtime.registry.jobs, ...events.jobs]),
    withDefaults(options),
  )
}

class JobWorker implements Worker {
  readonly #runtime: Runtime
  readonly #queue: Queue
  readonly #handlers: ReadonlyMap<string, JobHandler>
  readonly #options: ReturnType<typeof withDefaults>
  readonly #slots: JobSlots
  readonly #pace: Pace
  readonly #running = new Set<JobRun>()
  readonly #wake = new Wake()
  /** Ended runs that are not yet settled. */
  #outcomes: Outcome[] = []
  /** The last work on the database; one at a time, so that own statements never wait for each other's locks. */
  #database: Promise<unknown> = Promise.resolve()
  #stopping = false
  #heart: NodeJS.Timeout | undefined
  #loop: Promise<void> | undefined
  #unlisten: (() => Promise<void>) | undefined

  constructor(
    runtime: Runtime,
    queue: Queue,
    handlers: ReadonlyMap<string, JobHandler>,
    options: ReturnType<typeof withDefaults>,
  ) {
    this.#runtime = runtime
    this.#queue = queue
    this.#handlers = handlers
    this.#options = options
    this.#slots = new JobSlots(handlers)
    this.#pace = new Pace(options)
  }

  async start(): Promise<void> {
    if (this.#handlers.size === 0) return
    this.#unlisten = await this.#queue.listen((names = [...this.#handlers.keys()]) => {
      if (this.#slots.expect(names)) this.#wake.ring()
    })
    this.#loop = this.#work()
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    this.#wake.ring()
    await this.#loop
    const until = performance.now() + graceMs
    while (this.#running.size > 0 && performance.now() < until) {
      await this.#wake.wait(Math.min(until - performance.now(), this.#options.heartbeatMs))
      await this.#turn({ take: 'none', sweep: false }).catch(this.#logFailure)
    }
    for (const run of this.#running) run.abortAs('stopped')
    while (this.#running.size > 0) await this.#wake.wait(LONGEST_WAIT)
    await this.#turn({ take: 'none', sweep: false }).catch(this.#logFailure)
    clearInterval(this.#heart)
    await this.#unlisten?.()
  }

  async drain({ maxMs = Number.POSITIVE_INFINITY }: { readonly maxMs?: number } = {}): Promise<number> {
    const until = performance.now() + maxMs
    let runs = 0
    for (let all = true; !this.#stopping;) {
      const over = performance.now() >= until
      const claimed = await this.#turn({ take: over ? 'none' : all ? 'all' : 'promising', sweep: all })
      runs += claimed
      const idle = claimed === 0 && this.#running.size === 0 && this.#outcomes.length === 0
      if (idle && (all || over)) return runs
      // Looking at everything costs more, so it is left for when nothing seems to be left.
      all = idle
      if (this.#running.size > 0) await this.#wake.wait(LONGEST_WAIT)
      await macrotask()
    }
    return runs
  }

  async #work(): Promise<void> {
    while (!this.#stopping) {
      const take = this.#pace.lookIsDue() ? 'all' : 'promising'
      let claimed = 0
      try {
        claimed = await this.#turn({ take, sweep: take === 'all' && this.#pace.sweepIsDue() })
      } catch (error) {
        this.#logFailure(error)
        this.#pace.failed()
      }
      // A full batch means that there is more.
      if (claimed < this.#options.batch && !this.#stopping) await this.#wake.wait(this.#pace.untilLook())
      // Runs that end together are settled together.
      await macrotask()
    }
  }

  /** One transaction: settles what has ended, takes what may start. Answers how many started. */
  #turn({ take, sweep }: TurnOptions): Promise<number> {
    return this.#alone(async () => {
      const { batch } = this.#options
      const outcomes = this.#outcomes.splice(0)
      const wanted = take === 'none' ? [] : this.#slots.wanted(batch, take)
      if (outcomes.length === 0 && wanted.length === 0 && !sweep) return 0
      const held = sweep ? [...this.#running] : []
      try {
        const result = await this.#queue.turn({
          outcomes,
          wanted,
          sweep,
          held: held.map((run) => run.held()),
        })
        this.#extended(held, result)
        this.#slots.learn(wanted, result.claimed, batch)
        for (const job of result.claimed) this.#begin(job, result.leaseUntil)
        if (take === 'all') this.#pace.looked({ found: result.claimed.length > 0, swept: sweep })
        this.#logExpired(result)
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
    void this.#follow(run)
  }

  async #follow(run: JobRun): Promise<void> {
    const startedAt = performance.now()
    const outcome = await traceJob(run.job, async (span) => {
      const ended = await run.run()
      if (ended?.kind === 'failed') span?.fail('job_failed')
      return ended
    })
    const seconds = (performance.now() - startedAt) / 1000
    this.#runtime.instruments.jobEnded(run.job.name, endOf(outcome), seconds)
    this.#running.delete(run)
    this.#slots.free(run.job.name)
    if (outcome) this.#outcomes.push(outcome)
    this.#wake.ring()
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

  #extended(held: readonly JobRun[], { lost, leaseUntil }: Pick<TurnResult, 'lost' | 'leaseUntil'>): void {
    for (const run of held) {
      if (lost.some((lease) => isSame(lease, run.job))) run.abortAs('lease lost')
      else run.leaseUntil = leaseUntil
    }
    for (const lease of lost) {
      if (held.some(({ job }) => isSame(lease, job))) continue
      this.#runtime.logger.warn({ jobId: lease.id }, 'late end of a job was refused; another worker has it')
    }
  }

  #logExpired({ expired }: Pick<TurnResult, 'expired'>): void {
    for (const { id, name, tenantId, attempt, dead } of expired) {
      const fields = { jobId: id, job: name, tenantId, attempt }
      this.#runtime.logger.warn(
        fields,
        dead ? 'job died with its worker' : 'job was taken from a worker without a sign of life',
      )
    }
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

function endOf(outcome: Outcome | null): JobEnd {
  if (!outcome) return 'lost'
  if (outcome.kind === 'paused') return 'released'
  if (outcome.kind !== 'failed') return outcome.kind
  return outcome.retryInMs === null ? 'dead' : 'failed'
}

function isSame(a: Lease, b: Lease): boolean {
  return a.id === b.id && a.token === b.token
}

function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
