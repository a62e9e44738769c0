import { expect } from 'vitest'
import type { RegisterQueueTest } from '../queue-conformance.ts'
import { until } from './queue-bench.ts'

export function hintTests(test: RegisterQueueTest): void {
  test('another process hears of a committed job', { nodes: 2, workers: [1] }, async (bench) => {
    await bench.enqueue('a')
    await until(() => bench.hints[1]! > 0)
    await until(() => bench.began.length === 1)
    expect(bench.began).toEqual(['a'])
  })

  test('nobody hears of a job that was rolled back', { nodes: 2, workers: [1] }, async (bench) => {
    const acme = bench.node.as({ tenantId: 'acme' })
    const failing = acme.tx(async (t) => {
      await t.enqueue(bench.job, { label: 'a' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await bench.enqueue('b')
    await until(() => bench.hints[1]! > 0)
    await until(() => bench.began.length === 1)
    expect([bench.hints[1], bench.began]).toEqual([1, ['b']])
  })
}
