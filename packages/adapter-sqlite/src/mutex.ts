import { coreErrors } from '@clientele/core'

/** One holder at a time, first come, first served. */
export class Mutex {
  #held = false
  readonly #waiting: (() => void)[] = []

  /**
   * Answers the function that gives the mutex back.
   * @throws `storage.busy` after `timeoutMs`
   */
  async acquire(timeoutMs?: number): Promise<() => void> {
    if (this.#held) await this.#wait(timeoutMs)
    this.#held = true
    return () => this.#release()
  }

  #release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#held = false
  }

  #wait(timeoutMs: number | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1)
        reject(coreErrors['storage.busy']({ waitedMs: timeoutMs ?? 0 }))
      }
      const timer = timeoutMs === undefined ? undefined : setTimeout(giveUp, timeoutMs)
      const enter = (): void => {
        clearTimeout(timer)
        resolve()
      }
      this.#waiting.push(enter)
    })
  }
}
