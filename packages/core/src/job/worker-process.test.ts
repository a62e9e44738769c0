import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { postgresTestStorage, temporaryFolder } from '@clientele/testing'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { Deadly, workerInstance, type ProcessOptions } from './worker-process.fixture.ts'

const PROGRAM = join(import.meta.dirname, 'worker-process.fixture.ts')

describe.each(['sqlite', 'postgres'])('on %s', (kind) => {
  test('a job whose process is killed runs again elsewhere', () => handOver(kind, { leaseMs: 1500 }))

  // A quarter of a minute each: with the real lease of 12 s, the test's timeout is the promise.
  if (process.env['CLIENTELE_LONG']) {
    test('a job whose process is killed runs again within 15 s', () => handOver(kind, {}), 15_000)
  }
})

async function handOver(kind: string, options: Pick<ProcessOptions, 'leaseMs'>): Promise<void> {
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
  const args = ['--conditions=@clientele/source', PROGRAM, JSON.stringify(options)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const [said] = (await Promise.race([once(child.stdout, 'data'), exited])) as [unknown]
  child.kill('SIGKILL')
  await exited
  expect(String(said)).toBe('running\n')
}

async function newDatabase(kind: string): Promise<ProcessOptions['database']> {
  if (kind === 'sqlite') {
    return { sqlite: join(await temporaryFolder(), 'worker.db') }
  }
  const url = inject('postgresUrl')
  const database = await postgresTestStorage(url)
  onTestFinished(() => database.dispose())
  return { url, schema: database.schema }
}
