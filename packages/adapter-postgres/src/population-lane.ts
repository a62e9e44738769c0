import type { StorageHost } from '@clientele/core'
import type { ConnectionPool, Lease } from './connection-pool.ts'

/**
 * Lets only so many population statements run at once, so that they never take the last connection, and cancels
 * running ones on the server when their signal aborts.
 */
export class PopulationLane {
  readonly #pool: ConnectionPool
  readonly #host: StorageHost
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(pool: ConnectionPool, host: StorageHost, limit: number) {
    this.#pool = pool
    this.#host = host
    this.#free = limit
  }

  /** @param signal rejects with its reason; the connection is free again soon after */
  async run<T>(work: (lease: Lease) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal)
    try {
      return await this.#pool.use((lease) => (signal ? this.#cancellable(lease, work, signal) : work(lease)))
    } finally {
      this.#leave()
    }
  }

  async #enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.#free > 0) {
      this.#free--
      return
    }
    await new Promise<void>((resolve, reject) => {
      const turn = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1)
        reject(signal?.reason as Error)
      }
      this.#waiting.push(turn)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#free++
  }

  async #cancellable<T>(lease: Lease, work: (lease: Lease) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    let cancelling: Promise<void> | undefined
    const cancel = (): void => void (cancelling = this.#cancel(lease))
    signal.addEventListener('abort', cancel, { once: true })
    try {
      return await work(lease)
    } finally {
      signal.removeEventListener('abort', cancel)
      // The cancellation must not hit whoever gets this connection next.
      await cancelling
      // oxlint-disable-next-line no-unsafe-finally -- an aborted statement rejects with the signal's reason, whatever it answered
      signal.throwIfAborted()
    }
  }

  async #cancel(lease: Lease): Promise<void> {
    // A cancellation may arrive late, after the statement ended: the connection is not lent again.
    lease.broken = true
    const { processID } = lease.client as { processID?: number | null }
    if (!processID) return
    try {
      await this.#pool.use(({ client }) => client.query('select pg_cancel_backend($1)', [processID]))
    } catch (err) {
      this.#host.logger.warn({ err }, 'A population statement could not be cancelled')
    }
  }
}
