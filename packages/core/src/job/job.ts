import type * as z from 'zod'
import type { Ctx } from '../context/context.ts'
import type { Timestamp } from '../ports/clock.ts'

declare const inputType: unique symbol

/** A kind of work done later, at least once, by any worker. Its name is data: adding one is no migration. */
export interface Job<I = any> {
  readonly $$type: 'clientele/job'
  /** `plugin.verb`: `segments.recompute`. */
  readonly name: string
  readonly input: z.ZodType<unknown, I>
  readonly options: Required<JobOptions>
  readonly [inputType]?: I
}

/** How a kind of job runs and is tried again. */
export interface JobOptions {
  /** Attempts in all before the job is dead. @default 5 */
  readonly attempts?: number
  /** Wait before attempt 2, doubled for each further one, with jitter, at most an hour. @default 1000 */
  readonly backoffMs?: number
  /** Longest run; past it the signal aborts and the attempt has failed. @default 15 minutes */
  readonly timeoutMs?: number
  /** Runs of this job at once per process. @default 8 */
  readonly concurrency?: number
  /** Whether no further attempt would mend this error: the job is dead at once. @default of no error */
  readonly isFinal?: (error: unknown) => boolean
}

/** What a job handler gets besides its input. */
export interface JobCtx extends Ctx {
  readonly jobId: string
  /** 1 for the first run. */
  readonly attempt: number
  /** The instant of the schedule that it stands for; null for a job that something else added. */
  readonly scheduledFor: Timestamp | null
  /** Shown in the jobs list within a few seconds. @throws the reason of `signal` once the job was taken away */
  progress(done: number, total?: number): Promise<void>
}

/**
 * Declares a kind of job; `handleJob` gives it its code. The schema must accept its own output: a job that waited for a
 * new version is read by it again.
 *
 * @example
 * export const Recompute = defineJob('segments.recompute', z.object({ segmentId: uuidSchema }))
 */
export function defineJob<S extends z.ZodType>(
  name: string,
  input: S,
  options: JobOptions = {},
): Job<z.input<S>> {
  return {
    $$type: 'clientele/job',
    name,
    input: input as unknown as z.ZodType<unknown, z.input<S>>,
    options: {
      attempts: 5,
      backoffMs: 1000,
      timeoutMs: 15 * 60_000,
      concurrency: 8,
      isFinal: () => false,
      ...options,
    },
  }
}

/** The code of a job, registered by a plugin. */
// `any`: handlers of unrelated inputs stand in one list; `handleJob` ties each to its job's type.
export interface JobHandler {
  readonly $$type: 'clientele/job-handler'
  readonly job: Job
  readonly run: (input: any, ctx: JobCtx) => Promise<void>
}

/**
 * Ties a job to its code. Runs may repeat after a crash, so the effect must be idempotent. What a run writes through
 * `ctx.tx` is committed only while its worker holds the job: one that came back too late gets `job.lease_lost`.
 */
export function handleJob<I>(job: Job<I>, run: (input: I, ctx: JobCtx) => Promise<void>): JobHandler {
  return { $$type: 'clientele/job-handler', job, run }
}
