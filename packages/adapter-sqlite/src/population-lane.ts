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

/** Statements that run at once. */
const RUNNING = 2
/** Statements that nobody waits for any more and that may run on beside them: SQLite cannot be stopped in a thread. */
const LEFT_ALONE = 2

/** A worker thread with its connection, and what it runs. */
interface Slot {
  readonly worker: Worker
  task: Task | null
  /** Of {@link PopulationLane.reopen}: how often that had been called when its connection was opened. */
  opened: number
}

/**
 * Statements over many rows, in worker threads with connections of their own, a second one only while the first has
 * work. Threads start when they are needed, and again should one die; idle ones do not keep the process alive. A running
 * statement that is aborted is left alone with its thread, which ends with it, and others go on in a new one.
 */
export class PopulationLane {
  readonly #file: string
  readonly #queue: Task[] = []
  readonly #slots = new Set<Slot>()
  readonly #left = new Set<Slot>()
  #reopened = 0
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

  /** The planner's statistics changed: the next statements run on fresh connections. */
  reopen(): void {
    this.#reopened++
  }

  /** Drops what has not started, waits for what runs, ends the workers. */
  async close(): Promise<void> {
    const closed = coreErrors['storage.unavailable']({ reason: 'it is closed' })
    for (const task of this.#queue.splice(0)) task.reject(closed)
    // What is left alone holds the file open; its end is worth waiting for.
    for (const { worker } of this.#left) worker.ref()
    if (!this.#isIdle()) await new Promise<void>((resolve) => (this.#idle = resolve))
    const workers = [...this.#slots].map(({ worker }) => worker)
    this.#slots.clear()
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  #isIdle(): boolean {
    return this.#left.size === 0 && [...this.#slots].every(({ task }) => task === null)
  }

  #add(statement: Statement, plan: RowPlan | null, signal?: AbortSignal): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const onAbort = (): void => {
        this.#drop(task)
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

  #drop(task: Task): void {
    const at = this.#queue.indexOf(task)
    if (at >= 0) this.#queue.splice(at, 1)
    const slot = [...this.#slots].find((one) => one.task === task)
    if (!slot) return
    this.#slots.delete(slot)
    this.#left.add(slot)
    slot.worker.unref()
    this.#next()
  }

  #next(): void {
    while (this.#queue.length > 0) {
      const slot = this.#free()
      if (!slot) return
      this.#send(slot, this.#queue.shift()!)
    }
    if (this.#isIdle()) this.#idle?.()
  }

  #free(): Slot | null {
    for (const slot of this.#slots) if (slot.task === null) return slot
    const threads = this.#slots.size + Math.max(0, this.#left.size - LEFT_ALONE)
    return threads < RUNNING ? this.#start() : null
  }

  #send(slot: Slot, task: Task): void {
    slot.task = task
    slot.worker.ref()
    const { sql, parameters } = task.statement
    const request: PopulationRequest = {
      sql,
      parameters: bindable(parameters),
      types: task.plan?.types ?? [],
      reopen: slot.opened < this.#reopened,
      build: task.plan === null,
    }
    slot.opened = this.#reopened
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    slot.worker.postMessage(request)
  }

  #start(): Slot {
    // Beside this file, as TypeScript in the repository and as JavaScript in the package.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./population-worker.${extension}`, import.meta.url), {
      workerData: { file: this.#file },
    })
    const slot: Slot = { worker, task: null, opened: this.#reopened }
    this.#slots.add(slot)
    worker.on('message', (answer: PopulationAnswer) => this.#settle(slot, answer))
    worker.on('error', (error) => this.#lose(slot, error))
    worker.on('exit', () => this.#lose(slot, new Error('the population worker ended')))
    return slot
  }

  #settle(slot: Slot, answer: PopulationAnswer): void {
    const { task } = slot
    slot.task = null
    slot.worker.unref()
    if (this.#left.delete(slot)) {
      void slot.worker.terminate()
    } else if ('error' in answer) {
      task?.reject(
        Object.assign(new Error(answer.error.message), { name: 'SqliteError', code: answer.error.code }),
      )
    } else {
      const plan = task?.plan
      task?.resolve({ rows: plan ? answer.rows.map((values) => named(plan, values)) : [], affected: 0 })
    }
    this.#next()
  }

  #lose(slot: Slot, error: Error): void {
    const wasLeft = this.#left.delete(slot)
    if (!this.#slots.delete(slot) && !wasLeft) return
    const { task } = slot
    slot.task = null
    if (!wasLeft) task?.reject(coreErrors['storage.unavailable']({ reason: error.message }, { cause: error }))
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
