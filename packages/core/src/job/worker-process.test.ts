import { once } from 'node:events'
import { join } from 'node:path'
import { newDatabase } from '@clientele/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { kill, startProgram } from '../kernel/program.fixture.ts'
import { Deadly, workerInstance, type ProcessOptions } from './worker-process.fixture.ts'

const PROGRAM = join(import.meta.dirname, 'worker-process.fixture.ts')

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  test('a job whose process is killed runs again elsewhere', () => handOver(kind, { leaseMs: 1500 }))

  // A quarter of a minute each: with the real lease of 12 s, the test's timeout is the promise.
  if (process.env['CLIENTELE_LONG']) {
    test('a job whose process is killed runs again within 15 s', () => handOver(kind, {}), 15_000)
  }
})

async function handOver(
  kind: 'sqlite' | 'postgres',
  options: Pick<ProcessOptions, 'leaseMs'>,
): Promise<void> {
  const of: ProcessOptions = { ...options, database: await newDatabase(kind) }
  const { promise: attempt, resolve: ran } = Promise.withResolvers<number>()
  const instance = workerInstance(of, async (ctx) => ran(ctx.attempt))
  onTestFinished(() => instance.stop())
  await instance.start({ workers: false })
  await instance.as().tx((t) => t.enqueue(Deadly, {}))
  await instance.stop()

  await killWhileRunning(of)
  const survivor = workerInstance(of, async (ctx) => ran(ctx.attempt))
  onTestFinished(() => survivor.stop())
  await survivor.start()
  expect(await attempt).toBe(2)
}

async function killWhileRunning(options: ProcessOptions): Promise<void> {
  const child = startProgram(PROGRAM, options)
  const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown]
  await kill(child)
  expect(String(said)).toBe('running\n')
}
