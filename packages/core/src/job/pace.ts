/** The first wait after jobs of others were found; it doubles while none are. */
const SHORTEST_WAIT = 20

/**
 * When a worker looks for jobs that it did not hear of, in real time: soon after it found some, ever less often while
 * it finds none. What makes jobs ready, waiting times and expired leases, is looked at more rarely: it costs more.
 */
export class Pace {
  readonly #pollMs: number
  readonly #sweepMs: number
  #wait = SHORTEST_WAIT
  #lookedAt = Number.NEGATIVE_INFINITY
  #sweptAt = Number.NEGATIVE_INFINITY

  constructor({ pollMs, leaseMs }: { readonly pollMs: number; readonly leaseMs: number }) {
    this.#pollMs = pollMs
    this.#sweepMs = Math.min(pollMs, leaseMs / 4)
  }

  lookIsDue(): boolean {
    return this.untilLook() <= 0
  }

  sweepIsDue(): boolean {
    return performance.now() - this.#sweptAt >= this.#sweepMs
  }

  untilLook(): number {
    return Math.max(0, this.#lookedAt + this.#wait - performance.now())
  }

  looked({ found, swept }: { readonly found: boolean; readonly swept: boolean }): void {
    this.#lookedAt = performance.now()
    this.#wait = found ? SHORTEST_WAIT : Math.min(this.#wait * 2, this.#pollMs)
    if (swept) this.#sweptAt = this.#lookedAt
  }

  /** After a failure, the longest wait. */
  failed(): void {
    this.#lookedAt = performance.now()
    this.#wait = this.#pollMs
  }
}
