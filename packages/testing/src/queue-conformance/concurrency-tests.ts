import { expect } from 'vitest'
import type { RegisterQueueTest } from '../queue-conformance.ts'
import { until } from './queue-bench.ts'

const JOBS = 2000

export function concurrencyTests(test: RegisterQueueTest): void {
  test(
    'four workers run each of 2,000 jobs once',
    { nodes: 4, workers: [0, 1, 2, 3], job: { concurrency: 20 }, jobs: { pollMs: 50 } },
    async (bench) => {
      const workers = new Set<number>()
      bench.work(({ node }) => void workers.add(node))
      const labels = Array.from({ length: JOBS }, (_, index) => `job ${index}`)
      await bench.enqueue(...labels)
      await until(async () => bench.began.length >= JOBS && (await bench.stored()).length === 0)
      expect(bench.began.toSorted()).toEqual(labels.toSorted())
      expect(workers.size).toBeGreaterThan(1)
    },
  )

  test(
    'a process runs no more jobs of a kind at once than it may',
    { job: { concurrency: 3 } },
    async (bench) => {
      let running = 0
      let most = 0
      bench.work(async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 2))
        running--
      })
      await bench.enqueue('a', 'b', 'c', 'd', 'e', 'f', 'g')
      expect(await bench.node.runJobs()).toBe(7)
      expect(most).toBe(3)
    },
  )

  test(
    'a job that one process adds is found by another',
    { nodes: 2, workers: [1], jobs: { pollMs: 20 } },
    async (bench) => {
      let node: number | undefined
      bench.work((run) => void (node = run.node))
      await bench.enqueue('a')
      await until(() => node !== undefined)
      expect(node).toBe(1)
    },
  )
}
