import type { Wanted } from './claim-jobs.ts'
import type { JobHandler } from './job.ts'

/** How many jobs of each name may start in this process. */
export class JobSlots {
  readonly #handlers: ReadonlyMap<string, JobHandler>
  readonly #taken = new Map<string, number>()

  constructor(handlers: ReadonlyMap<string, JobHandler>) {
    this.#handlers = handlers
  }

  take(name: string): void {
    this.#taken.set(name, (this.#taken.get(name) ?? 0) + 1)
  }

  free(name: string): void {
    this.#taken.set(name, this.#taken.get(name)! - 1)
  }

  /** Every handled name with its free slots: names stay in place, so the statement that takes them stays the same. */
  wanted(batch: number): Wanted[] {
    return Array.from(this.#handlers, ([name, { job }]) => ({
      name,
      limit: Math.min(batch, Math.max(0, job.options.concurrency - (this.#taken.get(name) ?? 0))),
    }))
  }
}
