import { expect } from 'vitest'
import type { RegisterQueueTest } from '../queue-conformance.ts'
import { Effect, gate, until, type QueueBench } from './queue-bench.ts'

const two = { nodes: 2 }
const PAST_LEASE = '13s'

/** The first node begins a job and does not end it before `gate.open()`. */
async function begin(bench: QueueBench, afterwards: Parameters<QueueBench['work']>[0] = () => {}) {
  const stuck = gate()
  bench.work(async (run) => {
    if (run.ctx.attempt > 1) return
    await stuck.opened
    await afterwards(run)
  })
  await bench.enqueue('a')
  const first = bench.nodes[0]!.runJobs()
  await until(() => bench.began.length === 1)
  return { stuck, first }
}

export function leaseTests(test: RegisterQueueTest): void {
  test('a job whose worker gives no sign of life is run by another', two, async (bench) => {
    const { stuck, first } = await begin(bench)
    bench.clock.advance('11s')
    expect(await bench.nodes[1]!.runJobs()).toBe(0)
    bench.clock.advance('2s')
    expect(await bench.nodes[1]!.runJobs()).toBe(1)
    stuck.open()
    await first
    expect(bench.began).toEqual(['a', 'a'])
    expect(await bench.stored()).toEqual([])
  })

  test('the late end of a run is refused while another worker has the job', two, async (bench) => {
    const { stuck, first } = await begin(bench)
    const second = gate()
    bench.work(() => second.opened)
    bench.clock.advance(PAST_LEASE)
    const handedOver = bench.nodes[1]!.runJobs()
    await until(() => bench.began.length === 2)
    stuck.open()
    await first
    expect(await bench.stored()).toMatchObject([{ state: 'running' }])
    second.open()
    await handedOver
    expect(await bench.stored()).toEqual([])
  })

  test('a late failure is refused as well', two, async (bench) => {
    const { stuck, first } = await begin(bench, () => {
      throw new Error('too late')
    })
    const second = gate()
    bench.work(() => second.opened)
    bench.clock.advance(PAST_LEASE)
    const handedOver = bench.nodes[1]!.runJobs()
    await until(() => bench.began.length === 2)
    stuck.open()
    await first
    expect(await bench.stored()).toMatchObject([
      { state: 'running', lastError: expect.not.stringContaining('too late') },
    ])
    second.open()
    await handedOver
  })

  test('who lost the lease can commit nothing more', two, async (bench) => {
    let refusal: unknown
    const { stuck, first } = await begin(bench, async ({ ctx }) => {
      refusal = await ctx.tx((t) => t.repo(Effect).insert({ label: 'late' })).catch((error: unknown) => error)
    })
    bench.clock.advance(PAST_LEASE)
    await bench.nodes[1]!.runJobs()
    stuck.open()
    await first
    expect(refusal).toMatchObject({ code: 'job.lease_lost' })
    const rows = bench.node
      .as({ tenantId: 'acme' })
      .ctx.db.selectFrom('conformanceEffects')
      .select('label')
      .execute()
    expect(await rows).toEqual([])
  })

  test('a transaction that was open while the lease ended takes effect once', two, async (bench) => {
    const written = gate()
    const stuck = gate()
    bench.work(({ ctx }) =>
      ctx.tx(async (t) => {
        await t.repo(Effect).insert({ label: 'a' })
        if (ctx.attempt > 1) return
        written.open()
        await stuck.opened
      }),
    )
    await bench.enqueue('a')
    const first = bench.nodes[0]!.runJobs()
    await written.opened
    bench.clock.advance(PAST_LEASE)
    const second = bench.nodes[1]!.runJobs()
    // Where one transaction writes at a time, the second worker sees the job after the first one's commit.
    if (bench.concurrentWriters) await until(() => bench.began.length === 2)
    stuck.open()
    await Promise.all([first, second])
    const { ctx } = bench.node.as({ tenantId: 'acme' })
    expect(await ctx.db.selectFrom('conformanceEffects').select('label').execute()).toEqual([{ label: 'a' }])
  })

  test(
    'a lease that ends during the last attempt is the job’s death',
    { ...two, job: { attempts: 1 } },
    async (bench) => {
      const { stuck, first } = await begin(bench)
      bench.clock.advance(PAST_LEASE)
      expect(await bench.nodes[1]!.runJobs()).toBe(0)
      expect(await bench.stored()).toMatchObject([
        { state: 'dead', lastError: expect.stringContaining('sign of life') },
      ])
      stuck.open()
      await first
      expect(await bench.stored()).toMatchObject([{ state: 'dead' }])
    },
  )

  test(
    'a worker that was kept from giving signs of life does not take its own job twice',
    {},
    async (bench) => {
      const { stuck, first } = await begin(bench)
      bench.clock.advance(PAST_LEASE)
      const look = bench.node.runJobs()
      await bench.enqueue('b')
      await until(() => bench.began.length === 2)
      stuck.open()
      await Promise.all([first, look])
      expect(bench.began).toEqual(['a', 'b'])
    },
  )

  test('signs of life keep a job', { ...two, jobs: { heartbeatMs: 5 } }, async (bench) => {
    const { stuck, first } = await begin(bench)
    for (const _ of Array(4)) {
      bench.clock.advance('5s')
      // Long enough for many heartbeats; what they keep from happening is asserted, not how long they take.
      await new Promise((resolve) => setTimeout(resolve, 100))
      expect(await bench.nodes[1]!.runJobs()).toBe(0)
    }
    stuck.open()
    await first
    expect(bench.began).toEqual(['a'])
  })

  test('a worker that stops gives its jobs back, as if they had not begun', two, async (bench) => {
    const attempts: number[] = []
    bench.work(({ ctx, node }) => {
      attempts.push(ctx.attempt)
      return node === 0 ? new Promise(() => {}) : undefined
    })
    await bench.enqueue('a')
    void bench.nodes[0]!.runJobs()
    await until(() => attempts.length === 1)
    await bench.nodes[0]!.stop({ graceMs: 0 })
    expect(await bench.nodes[1]!.runJobs()).toBe(1)
    expect(attempts).toEqual([1, 1])
  })
}
