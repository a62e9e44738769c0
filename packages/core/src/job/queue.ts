import type { EnqueueOptions } from '../context/context.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import { toTimestamp } from '../ports/clock.ts'
import { addJobs, type NewJob } from './add-jobs.ts'
import { claimJobs, type Wanted } from './claim-jobs.ts'
import type { ClaimedJob, Lease, Outcome } from './claimed-job.ts'
import { checkLease, extendLeases, holdLease, type HeldJob } from './hold-jobs.ts'
import { jobStatements, type RunJobStatement } from './job-statements.ts'
import type { Job } from './job.ts'
import { withDefaults, type JobsOptions } from './jobs.options.ts'
import { settleJobs } from './settle-jobs.ts'
import { sweepJobs, type ExpiredJob } from './sweep-jobs.ts'

/** What a worker does in one transaction: each part may be empty. */
export interface Turn {
  readonly outcomes: readonly Outcome[]
  /** What may be taken; in all at most the batch size. */
  readonly wanted: readonly Wanted[]
  /** Whether waiting jobs become ready and expired leases are taken; those of `held` are extended first. */
  readonly sweep: boolean
  readonly held: readonly HeldJob[]
}

export interface TurnResult {
  readonly claimed: readonly ClaimedJob[]
  /** Outcomes that were refused, and held leases that are gone: another worker has the job. */
  readonly lost: readonly Lease[]
  readonly expired: readonly ExpiredJob[]
  /** In milliseconds since 1970: when the leases of `claimed`, and with `sweep` of `held`, end. */
  readonly leaseUntil: number
}

/** The queue: rows of one table, taken under leases. At least once: a run may be repeated, never lost. */
export interface Queue {
  /**
   * Adds a job through the transaction. Answers its id, or that of its living duplicate.
   * @throws `job.unknown`, `job.input`
   */
  enqueue<I>(t: InternalTx, job: Job<I>, input: I, options?: EnqueueOptions): Promise<string>
  /** The same for many inputs of one job, in few statements. */
  enqueueMany<I>(
    t: InternalTx,
    job: Job<I>,
    inputs: readonly I[],
    options?: EnqueueOptions,
  ): Promise<string[]>
  /** Adds jobs as they are. */
  add(t: InternalTx, jobs: readonly NewJob[]): Promise<string[]>
  turn(turn: Turn): Promise<TurnResult>
  /** Extends leases and stores progress; answers the lost ones and when the others end. */
  extend(held: readonly HeldJob[]): Promise<Pick<TurnResult, 'lost' | 'leaseUntil'>>
  /**
   * The fence around a job's transactions.
   * @throws `job.lease_lost`
   */
  guard(t: InternalTx, lease: Lease, phase: 'begin' | 'commit'): Promise<void>
  /** Tells workers that jobs were committed; without names, that there may be some of any name. */
  notify(names?: readonly string[]): void
  /** Calls `wake` on {@link Queue.notify} and on hints of other processes. Answers the function that ends it. */
  listen(wake: (names?: readonly string[]) => void): Promise<() => Promise<void>>
}

export function createQueue(runtime: Runtime, options?: JobsOptions): Queue {
  const { leaseMs, batch } = withDefaults(options)
  const driver = options?.driver
  const { capabilities } = runtime.storage
  const wakes = new Set<(names?: readonly string[]) => void>()

  const inTransaction = <T>(work: (run: RunJobStatement) => Promise<T>): Promise<T> =>
    runtime.storage.write({ tenantId: WHOLE_INSTANCE }, (connection) =>
      work(jobStatements(runtime, connection)),
    )

  const add = async (t: InternalTx, jobs: readonly NewJob[]): Promise<string[]> => {
    if (jobs.length === 0) return []
    const ids = await addJobs(runtime, t, jobs)
    for (const { name } of jobs) t.enqueuedJobs.add(name)
    return ids
  }

  const enqueueMany: Queue['enqueueMany'] = (t, job, inputs, of = {}) => {
    if (!runtime.registry.jobs.has(job.name)) throw coreErrors['job.unknown']({ job: job.name })
    const { causationId, depth } = t.trace
    const shared = { name: job.name, attempts: job.options.attempts, causationId, depth, options: of }
    return add(
      t,
      inputs.map((input) => ({ ...shared, input: checked(job, input) })),
    )
  }

  return {
    add,
    enqueueMany,
    async enqueue(t, job, input, of) {
      return (await enqueueMany(t, job, [input], of))[0]!
    },
    turn: ({ outcomes, wanted, sweep, held }) =>
      inTransaction(async (run) => {
        const nowMs = runtime.clock.now()
        const leaseUntil = toTimestamp(nowMs + leaseMs)
        const { helpers } = runtime.sql
        const { skipLocked } = capabilities
        // Own leases first: what a busy writer kept from its heartbeat must not be taken from oneself.
        const gone = sweep ? await extendLeases(run, held, { leaseUntil, helpers }) : []
        const refused = await settleJobs(run, outcomes, { nowMs, helpers })
        const expired = sweep ? await sweepJobs(run, { nowMs, skipLocked }) : []
        const token = runtime.ids.next()
        const request = { wanted, limit: batch, now: toTimestamp(nowMs), leaseUntil, token, skipLocked }
        const claimed = await claimJobs(run, request)
        return { claimed, lost: [...gone, ...refused], expired, leaseUntil: nowMs + leaseMs }
      }),
    extend: (held) =>
      inTransaction(async (run) => {
        const leaseUntil = runtime.clock.now() + leaseMs
        const { helpers } = runtime.sql
        return {
          leaseUntil,
          lost: await extendLeases(run, held, { leaseUntil: toTimestamp(leaseUntil), helpers }),
        }
      }),
    guard(t, lease, phase) {
      const run = jobStatements(runtime, t.connection)
      if (phase === 'begin') return checkLease(run, lease)
      const leaseUntil = toTimestamp(runtime.clock.now() + leaseMs)
      return holdLease(run, lease, { leaseUntil, rowLocks: capabilities.rowLocks })
    },
    notify(names) {
      for (const wake of wakes) wake(names)
      driver
        ?.announce(names ?? [])
        .catch((err: unknown) =>
          runtime.logger.warn({ err, driver: driver.id }, 'hint of new jobs was not sent'),
        )
    },
    async listen(wake) {
      wakes.add(wake)
      const remote = await driver?.listen(wake)
      return async () => {
        wakes.delete(wake)
        await remote?.close()
      }
    },
  }
}

/** The schema must accept its own output: a job that waited for a new version is read by it again. */
function checked<I>(job: Job<I>, input: I): unknown {
  const parsed = job.input.safeParse(input)
  if (parsed.success) return parsed.data ?? null
  const issues = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  )
  throw coreErrors['job.input']({ job: job.name, issues: issues.join('; ') })
}
