import type { QueueDriver, Storage } from '@clientele/core'
import { describe, onTestFinished, test } from 'vitest'
import { concurrencyTests } from './queue-conformance/concurrency-tests.ts'
import { enqueueTests } from './queue-conformance/enqueue-tests.ts'
import { failureTests } from './queue-conformance/failure-tests.ts'
import { hintTests } from './queue-conformance/hint-tests.ts'
import { leaseTests } from './queue-conformance/lease-tests.ts'
import { openQueueBench, type BenchOptions, type QueueBench } from './queue-conformance/queue-bench.ts'

/** A database for one test: empty, and gone after `dispose`. */
export interface QueueConformanceTarget {
  /** Another storage on the same database, not opened, as another process would have one. */
  storage(): Storage
  dispose(): void | Promise<void>
}

export interface QueueConformanceOptions {
  /** Heads the report. */
  readonly name: string
  create(): QueueConformanceTarget | Promise<QueueConformanceTarget>
  /** The driver of another process; left out, processes find jobs by polling. */
  readonly driver?: () => QueueDriver
}

/** Registers one test; it gets instances on one database. */
export type RegisterQueueTest = (
  name: string,
  options: BenchOptions,
  run: (bench: QueueBench) => Promise<void>,
) => void

/**
 * What the queue promises on a storage and with a queue driver, as vitest tests. Call it at the top level of a test
 * file.
 *
 * @example
 * queueConformance({
 *   name: 'redis hints',
 *   create: () => ({ storage: () => sqlite(file), dispose: () => rm(file) }),
 *   driver: () => redisHints(url),
 * })
 */
export function queueConformance(options: QueueConformanceOptions): void {
  describe(`queue conformance: ${options.name}`, () => {
    const register: RegisterQueueTest = (name, of, run) =>
      test(name, async () => {
        const target = await options.create()
        const bench = await openQueueBench(target, of, options.driver)
        onTestFinished(async () => {
          await bench.close()
          await target.dispose()
        })
        await run(bench)
      })
    enqueueTests(register)
    failureTests(register)
    leaseTests(register)
    concurrencyTests(register)
    if (options.driver) hintTests(register)
  })
}
