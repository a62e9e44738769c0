import type { Job } from '../job/job.ts'

/** A job that is added at certain instants, exactly once per instant, however many processes run. */
export interface Schedule {
  readonly $$type: 'clientele/schedule'
  /** `plugin.verb`, unique: the name under which its next instant is kept. */
  readonly name: string
  readonly job: Job
  readonly input: unknown
  readonly options: Required<ScheduleOptions>
}

export interface ScheduleOptions {
  /** Five or six fields: `0 3 * * *` is every day at three; six begin with the second. */
  readonly cron: string
  /**
   * The IANA zone the fields are read in; `tenant` takes each tenant's own. A time that the clocks skip in spring is
   * taken at the end of the gap, one that comes twice in autumn is taken once.
   * @default 'UTC'
   */
  readonly zone?: string
  /**
   * `tenant`: one job for each tenant. `instance`: one in all, which runs as the system in tenant `*`, owns no rows,
   * and is for the core's own upkeep.
   * @default 'tenant'
   */
  readonly each?: 'tenant' | 'instance'
  /**
   * Instants that passed while nothing ran: `once` makes one job up for all of them, `skip` none.
   * @default 'once'
   */
  readonly missed?: 'once' | 'skip'
}

/**
 * Declares a schedule; a plugin lists it in `schedules`. The schedule's name is the job's unless `name` is given.
 *
 * @example
 * schedules: [defineSchedule(SendDigest, {}, { cron: '0 9 * * 1', zone: 'tenant' })]
 */
export function defineSchedule<I>(
  job: Job<I>,
  input: NoInfer<I>,
  { name = job.name, ...options }: ScheduleOptions & { readonly name?: string },
): Schedule {
  return {
    $$type: 'clientele/schedule',
    name,
    job,
    input,
    options: { zone: 'UTC', each: 'tenant', missed: 'once', ...options },
  }
}
