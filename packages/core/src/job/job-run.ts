import type { Ctx } from '../context/context.ts'
import type { Actor } from '../context/actor.ts'
import { systemContext, WHOLE_INSTANCE } from '../context/system-context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { eventJobPrefix } from '../event/event-job.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { thrownText } from '../ports/loggable.ts'
import { TenantDirectory } from '../tenant/tenant-directory.ts'
import type { ClaimedJob, Outcome } from './claimed-job.ts'
import type { HeldJob } from './hold-jobs.ts'
import type { JobCtx, JobHandler } from './job.ts'
import type { Queue } from './queue.ts'
import { retryDelay } from './retry-delay.ts'

/** Longest error text kept with a job; the whole error stands in the log. */
const LONGEST_ERROR = 2000

/** After how long a job of a suspended tenant asks again. */
const PAUSE_MS = 15_000

interface RunHost {
  readonly runtime: Runtime
  readonly queue: Queue
}

/** One run of a job under one lease. */
export class JobRun {
  readonly job: ClaimedJob
  readonly handler: JobHandler
  /** In milliseconds since 1970. */
  leaseUntil: number
  readonly #host: RunHost
  readonly #abort = new AbortController()
  #progress: HeldJob['progress']

  constructor(host: RunHost, job: ClaimedJob, handler: JobHandler, leaseUntil: number) {
    this.#host = host
    this.job = job
    this.handler = handler
    this.leaseUntil = leaseUntil
  }

  /** Runs the handler. Answers null when the lease was lost: then there is nothing to settle. Never rejects. */
  async run(): Promise<Outcome | null> {
    const { timeoutMs } = this.handler.job.options
    const timer = setTimeout(() => this.#abort.abort(new TimedOut(timeoutMs)), timeoutMs)
    const { id, token } = this.job
    const lease = { id, token }
    try {
      const pause = await this.#whyPaused()
      if (pause !== null) return { kind: 'paused', lease, reason: pause, forMs: PAUSE_MS }
      await this.#untilAborted(this.#handle())
      return { kind: 'done', lease }
    } catch (error) {
      if (isLeaseLost(error) || isLeaseLost(this.#abort.signal.reason)) return this.#logLost(error)
      if (error instanceof Stopped) return { kind: 'released', lease }
      return { kind: 'failed', lease, ...this.#failure(error) }
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends the run as far as this worker is concerned; code that ignores the signal is kept from committing. */
  abortAs(why: 'lease lost' | 'stopped'): void {
    this.#abort.abort(
      why === 'stopped' ? new Stopped() : coreErrors['job.lease_lost']({ jobId: this.job.id }),
    )
  }

  /** What a sign of life says; progress is handed out once. */
  held(): HeldJob {
    const progress = this.#progress
    this.#progress = undefined
    return { id: this.job.id, token: this.job.token, progress }
  }

  async #handle(): Promise<void> {
    const { job } = this.handler
    const parsed = job.input.safeParse(this.job.input)
    if (!parsed.success)
      throw new TypeError(`The stored input no longer fits "${job.name}": ${parsed.error.message}`)
    await this.handler.run(parsed.data, this.#context())
  }

  /** What keeps the job's tenant from working: it is suspended. Its jobs wait until it is not. */
  async #whyPaused(): Promise<string | null> {
    const { runtime } = this.#host
    const { tenantId } = this.job
    if (runtime.mode === 'single' || tenantId === WHOLE_INSTANCE) return null
    const ctx = systemContext(runtime, this.#abort.signal)
    try {
      await ctx.get(TenantDirectory).admit?.(ctx, tenantId)
      return null
    } catch (error) {
      if (isClienteleError(error) && error.status < 500) return storable(error.message)
      throw error
    }
  }

  #context(): JobCtx {
    const {
      id,
      token,
      tenantId,
      name,
      actorKind,
      actorId,
      origin,
      correlationId,
      causationId,
      depth,
      attempt,
      scheduledFor,
    } = this.job
    // Whoever asked for the job was checked then; it is recorded as the cause, and the work itself is the system's.
    const actor: Actor = { kind: actorKind as Actor['kind'], id: actorId, permissions: new Set(['*']) }
    const ctx: Ctx = this.#host.runtime.context({
      tenantId,
      actor,
      requestId: correlationId,
      origin,
      signal: this.#abort.signal,
      trace: { correlationId, causationId: name.startsWith(eventJobPrefix) ? causationId : id, depth },
      guard: (t, phase) => this.#host.queue.guard(t, { id, token }, phase),
    })
    return Object.assign(ctx, {
      jobId: id,
      attempt,
      scheduledFor,
      progress: async (done: number, total?: number) => {
        this.#abort.signal.throwIfAborted()
        this.#progress = { done, total: total ?? null }
      },
    })
  }

  #untilAborted(work: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this.#abort
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
      work.then(resolve, reject)
    })
  }

  #failure(error: unknown): { error: string; retryInMs: number | null } {
    const { id, tenantId, attempt, maxAttempts } = this.job
    const { name, options } = this.handler.job
    const { logger, random } = this.#host.runtime
    const again = attempt < maxAttempts && !options.isFinal(error)
    const retryInMs = again ? retryDelay(options.backoffMs, attempt, random) : null
    logger.error(
      { jobId: id, job: name, tenantId, attempt, retryInMs, err: error },
      retryInMs === null ? 'job died' : 'job failed',
    )
    return { error: storable(thrownText(error)), retryInMs }
  }

  #logLost(error: unknown): null {
    const { id, name, tenantId, attempt } = this.job
    this.#host.runtime.logger.warn(
      { jobId: id, job: name, tenantId, attempt, err: error },
      'job lost its lease: it was cancelled, or another worker has it',
    )
    return null
  }
}

class Stopped extends Error {
  override readonly name = 'Stopped'

  constructor() {
    super('The worker stops; the job runs again elsewhere')
  }
}

class TimedOut extends Error {
  override readonly name = 'TimedOut'

  constructor(timeoutMs: number) {
    super(`The job ran longer than its timeout of ${timeoutMs} ms`)
  }
}

/** Text that every database takes: a failure that cannot be recorded would stop the queue. */
function storable(text: string): string {
  return text.slice(0, LONGEST_ERROR).replaceAll('\0', '\\0').toWellFormed()
}

function isLeaseLost(error: unknown): boolean {
  return isClienteleError(error) && error.code === 'job.lease_lost'
}
