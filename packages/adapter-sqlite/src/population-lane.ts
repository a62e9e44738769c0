import { coreErrors, type Statement, type StatementResult } from '@clientele/core'
import { Worker } from 'node:worker_threads'
import { bindable } from './encode.ts'
import type { PopulationAnswer, PopulationRequest } from './population-worker.ts'
import { nameValues, type RowPlan } from './row-plan.ts'

interface Task {
  readonly statement: Statement
  /** Null for planner statistics, which have no rows. */
  readonly plan: RowPlan | null
  readonly resolve: (result: StatementResult) => void
  readonly reject: (error: Error) => void
}

/**
 * Statements over many rows, one at a time, in a worker thread with a connection of its own. The worker starts with
 * the first statement, and again should it die; an idle one does not keep the process alive.
 */
export class PopulationLane {
  readonly #file: string
  readonly #queue: Task[] = []
  #running: Task | null = null
  #worker: Worker | null = null
  #reopen = false
  #idle: (() => void) | null = null

  constructor(file: string) {
    this.#file = file
  }

  /** @param plan what the statement's rows become */
  run(statement: Statement, plan: RowPlan, signal?: AbortSignal): Promise<StatementResult> {
    return this.#add(statement, plan, signal)
  }

  /**
   * Gathers the planner's statistics of an index, from all its entries: tenants come first in every index, and from a
   * sample of entries that share one the planner would take any tenant for a small one. Writes a row or two, waiting
   * for other writers.
   */
  async analyze(index: string): Promise<void> {
    await this.build(`ANALYZE "${index.replaceAll('"', '""')}"`)
  }

  /** Runs a statement that writes what no row is: statistics, an index. It waits for other writers, and they for it. */
  async build(sql: string): Promise<void> {
    await this.#add({ sql, parameters: [] }, null)
  }

  /** The planner's statistics changed: the next statement runs on a fresh connection. */
  reopen(): void {
    this.#reopen = true
  }

  /** Drops what has not started, waits for what runs, ends the worker. */
  async close(): Promise<void> {
    const closed = coreErrors['storage.unavailable']({ reason: 'it is closed' })
    for (const task of this.#queue.splice(0)) task.reject(closed)
    if (this.#running) await new Promise<void>((resolve) => (this.#idle = resolve))
    await this.#worker?.terminate()
    this.#worker = null
  }

  #add(statement: Statement, plan: RowPlan | null, signal?: AbortSignal): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const onAbort = (): void => {
        const at = this.#queue.indexOf(task)
        if (at >= 0) this.#queue.splice(at, 1)
        reject(signal?.reason as Error)
      }
      const settled = (): void => signal?.removeEventListener('abort', onAbort)
      const task: Task = {
        statement,
        plan,
        resolve: (result) => {
          settled()
          resolve(result)
        },
        reject: (error) => {
          settled()
          reject(error)
        },
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(task)
      this.#next()
    })
  }

  #next(): void {
    if (this.#running) return
    const task = this.#queue.shift()
    if (!task) return this.#idle?.()
    this.#running = task
    const worker = (this.#worker ??= this.#start())
    worker.ref()
    const { sql, parameters } = task.statement
    const request: PopulationRequest = {
      sql,
      parameters: bindable(parameters),
      types: task.plan?.types ?? [],
      reopen: this.#reopen,
      build: task.plan === null,
    }
    this.#reopen = false
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(request)
  }

  #start(): Worker {
    // Beside this file, as TypeScript in the repository and as JavaScript in the package.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./population-worker.${extension}`, import.meta.url), {
      workerData: { file: this.#file },
    })
    worker.on('message', (answer: PopulationAnswer) => this.#settle(worker, answer))
    worker.on('error', (error) => this.#lose(worker, error))
    worker.on('exit', () => this.#lose(worker, new Error('the population worker ended')))
    return worker
  }

  #settle(worker: Worker, answer: PopulationAnswer): void {
    const task = this.#running
    this.#running = null
    worker.unref()
    if ('error' in answer) {
      task?.reject(
        Object.assign(new Error(answer.error.message), { name: 'SqliteError', code: answer.error.code }),
      )
    } else {
      const plan = task?.plan
      task?.resolve({ rows: plan ? answer.rows.map((values) => named(plan, values)) : [], affected: 0 })
    }
    this.#next()
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return
    this.#worker = null
    const task = this.#running
    this.#running = null
    task?.reject(coreErrors['storage.unavailable']({ reason: error.message }, { cause: error }))
    this.#next()
  }
}

// Between threads a Buffer arrives as a plain Uint8Array.
function named(plan: RowPlan, values: unknown[]): Record<string, unknown> {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value instanceof Uint8Array) values[i] = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  return nameValues(plan.names, values)
}
