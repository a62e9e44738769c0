/** Ends waits early. A ring that nobody waits for ends the next wait. */
export class Wake {
  #rung = false
  readonly #waiting = new Set<() => void>()

  ring(): void {
    if (this.#waiting.size === 0) this.#rung = true
    for (const wake of this.#waiting) wake()
  }

  /** Resolves after `ms` or with the next ring, whichever comes first. */
  wait(ms: number): Promise<void> {
    if (this.#rung) {
      this.#rung = false
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, ms)
      this.#waiting.add(wake)
    })
  }
}
