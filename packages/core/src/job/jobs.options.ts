import type { QueueDriver } from './queue-driver.ts'

/** How this process works on jobs. */
export interface JobsOptions {
  /**
   * How long a worker holds a job without a sign of life; then another takes it. The same in all processes.
   * @default 12000
   */
  readonly leaseMs?: number
  /** How often running jobs give a sign of life; well below half of `leaseMs`. @default 4000 */
  readonly heartbeatMs?: number
  /** How often an idle worker looks for jobs of other processes. @default 1000 */
  readonly pollMs?: number
  /** Jobs taken at once. @default 100 */
  readonly batch?: number
  /** Tells other processes of new jobs. @default none: they find them by polling */
  readonly driver?: QueueDriver
}

export function withDefaults(options: JobsOptions = {}): Required<Omit<JobsOptions, 'driver'>> {
  return { leaseMs: 12_000, heartbeatMs: 4000, pollMs: 1000, batch: 100, ...options }
}
