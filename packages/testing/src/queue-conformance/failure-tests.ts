import { expect } from 'vitest'
import type { RegisterQueueTest } from '../queue-conformance.ts'

export function failureTests(test: RegisterQueueTest): void {
  test(
    'what fails is tried again, after waits that double',
    { job: { backoffMs: 10_000 } },
    async (bench) => {
      const attempts: number[] = []
      bench.work(({ ctx }) => {
        attempts.push(ctx.attempt)
        if (ctx.attempt < 3) throw new Error('not yet')
      })
      await bench.enqueue('a')
      await bench.node.runJobs()
      // Jitter is a fifth at most, to either side.
      bench.clock.advance('7s')
      expect(await bench.node.runJobs()).toBe(0)
      bench.clock.advance('6s')
      expect(await bench.node.runJobs()).toBe(1)
      bench.clock.advance('15s')
      expect(await bench.node.runJobs()).toBe(0)
      bench.clock.advance('10s')
      expect(await bench.node.runJobs()).toBe(1)
      expect(attempts).toEqual([1, 2, 3])
      expect(await bench.stored()).toEqual([])
    },
  )

  test(
    'after its last attempt a job is kept as dead, with its error',
    { job: { attempts: 2 } },
    async (bench) => {
      bench.work(() => {
        throw new Error('the sky is falling')
      })
      await bench.enqueue('a')
      await bench.node.runJobs()
      bench.clock.advance('1h')
      await bench.node.runJobs()
      bench.clock.advance('1d')
      await bench.node.runJobs()
      expect(bench.began).toHaveLength(2)
      expect(await bench.stored()).toEqual([{ state: 'dead', lastError: 'Error: the sky is falling' }])
    },
  )

  test(
    'a dead job does not stand in the way of a new one of its key',
    { job: { attempts: 1 } },
    async ({ node, job, ...bench }) => {
      bench.work(() => {
        throw new Error('no')
      })
      const enqueue = (): Promise<string> =>
        node.as({ tenantId: 'acme' }).tx((t) => t.enqueue(job, { label: 'a' }, { dedupeKey: 'k' }))
      const dead = await enqueue()
      await node.runJobs()
      expect(await enqueue()).not.toBe(dead)
    },
  )

  test('whatever a handler throws is recorded and ends its run', { job: { attempts: 1 } }, async (bench) => {
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    const thrown: Readonly<Record<string, unknown>> = {
      text: 'a text',
      bigint: 5n,
      wordless: Object.create(null),
      circular,
      nul: new Error('bad input "a\0b"'),
      half: new Error('\ud800'),
    }
    bench.work(({ label }) => {
      throw thrown[label]
    })
    await bench.enqueue(...Object.keys(thrown))
    await bench.node.runJobs()
    const dead = (lastError: string): object => ({ state: 'dead', lastError })
    expect(await bench.stored()).toEqual(
      expect.arrayContaining([
        dead('a text'),
        dead('5'),
        dead('something was thrown that cannot be put into words'),
        dead('[object Object]'),
        dead('Error: bad input "a\\0b"'),
        dead('Error: \ufffd'),
      ]),
    )
  })

  test('a job that fails does not keep others from running', {}, async (bench) => {
    bench.work(({ label }) => {
      if (label === 'bad') throw new Error('no')
    })
    await bench.enqueue('good', 'bad', 'also good')
    await bench.node.runJobs()
    expect(await bench.stored()).toEqual([{ state: 'waiting', lastError: 'Error: no' }])
  })

  test(
    'past its timeout an attempt has failed, and its signal says so',
    { job: { timeoutMs: 20, attempts: 1 } },
    async (bench) => {
      let signal: AbortSignal | undefined
      bench.work(({ ctx }) => {
        signal = ctx.signal
        return new Promise(() => {})
      })
      await bench.enqueue('endless')
      expect(await bench.node.runJobs()).toBe(1)
      expect(signal?.aborted).toBe(true)
      expect(await bench.stored()).toMatchObject([
        { state: 'dead', lastError: expect.stringContaining('20 ms') },
      ])
    },
  )
}
