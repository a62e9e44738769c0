import type { Wanted } from './claim-jobs.ts'
import type { ClaimedJob } from './claimed-job.ts'
import type { JobHandler } from './job.ts'

/** How many jobs of each name may start in this process, and which names are worth asking for. */
export class JobSlots {
  readonly #handlers: ReadonlyMap<string, JobHandler>
  readonly #taken = new Map<string, number>()
  /** Names that may have ready jobs. Those that other processes add join with the next look at all names. */
  readonly #promising = new Set<string>()

  constructor(handlers: ReadonlyMap<string, JobHandler>) {
    this.#handlers = handlers
  }

  take(name: string): void {
    this.#taken.set(name, (this.#taken.get(name) ?? 0) + 1)
  }

  free(name: string): void {
    this.#taken.set(name, this.#taken.get(name)! - 1)
  }

  /** Jobs of these names were added. Answers whether this process has code for any of them. */
  expect(names: readonly string[]): boolean {
    const handled = names.filter((name) => this.#handlers.has(name))
    for (const name of handled) this.#promising.add(name)
    return handled.length > 0
  }

  /** What may be taken now: of all names, or of the promising ones. */
  wanted(batch: number, of: 'all' | 'promising'): Wanted[] {
    return Array.from(of === 'all' ? this.#handlers.keys() : this.#promising, (name) => {
      const { concurrency } = this.#handlers.get(name)!.job.options
      return { name, limit: Math.min(batch, concurrency - (this.#taken.get(name) ?? 0)) }
    }).filter(({ limit }) => limit > 0)
  }

  /**
   * Learns from what was taken: a name that gave less than was asked for has no more, unless others
   * filled the batch.
   */
  learn(wanted: readonly Wanted[], claimed: readonly ClaimedJob[], batch: number): void {
    const counts = new Map<string, number>()
    for (const { name } of claimed) counts.set(name, (counts.get(name) ?? 0) + 1)
    const full = claimed.length === batch
    for (const { name, limit } of wanted) {
      const taken = counts.get(name) ?? 0
      if (full ? taken > 0 : taken === limit) this.#promising.add(name)
      else if (!full) this.#promising.delete(name)
    }
  }
}
