import type { Actor, Origin } from '@clientele/core'
import { expect } from 'vitest'
import type { RegisterQueueTest } from '../queue-conformance.ts'
import { Effect } from './queue-bench.ts'

export function enqueueTests(test: RegisterQueueTest): void {
  test('a job exists if and only if its transaction commits', {}, async ({ node, job, began }) => {
    const acme = node.as({ tenantId: 'acme' })
    const failing = acme.tx(async (t) => {
      await t.enqueue(job, { label: 'rolled back' })
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await acme.tx((t) => t.enqueue(job, { label: 'committed' }))
    await node.runJobs()
    expect(began).toEqual(['committed'])
  })

  test('a job is gone once it is done', {}, async ({ node, enqueue, stored }) => {
    await enqueue('a', 'b')
    expect(await node.runJobs()).toBe(2)
    expect(await stored()).toEqual([])
  })

  test('an input that does not fit the schema is refused', {}, async ({ node, job, stored }) => {
    const wrong = node.as({ tenantId: 'acme' }).tx((t) => t.enqueue(job, { label: 7 as never }))
    await expect(wrong).rejects.toMatchObject({ code: 'job.input' })
    expect(await stored()).toEqual([])
  })

  test(
    'a second job of the same key is the first one, until that is done',
    {},
    async ({ node, job, began }) => {
      const enqueue = (tenantId: string, label: string): Promise<string> =>
        node.as({ tenantId }).tx((t) => t.enqueue(job, { label }, { dedupeKey: 'k' }))
      const foreign = await enqueue('other', 'of another tenant')
      const first = await enqueue('acme', 'first')
      expect(first).not.toBe(foreign)
      expect(await enqueue('acme', 'second')).toBe(first)
      expect(await enqueue('other', 'again')).toBe(foreign)
      await node.runJobs()
      expect(await enqueue('acme', 'third')).not.toBe(first)
      await node.runJobs()
      expect(began).toEqual(['of another tenant', 'first', 'third'])
    },
  )

  test('a delayed job runs when its time has come', {}, async ({ node, job, clock, began }) => {
    await node
      .as({ tenantId: 'acme' })
      .tx((t) => t.enqueue(job, { label: 'later' }, { runAt: '2026-01-15T13:00:00.000Z' }))
    clock.advance('59m')
    expect(await node.runJobs()).toBe(0)
    clock.advance('1m')
    expect(await node.runJobs()).toBe(1)
    expect(began).toEqual(['later'])
  })

  test(
    'the highest priority comes first, then what was due first',
    { job: { concurrency: 1 } },
    async ({ node, job, clock, began }) => {
      const acme = node.as({ tenantId: 'acme' })
      for (const [label, priority] of [
        ['low', -1],
        ['normal', 0],
        ['high', 5],
        ['also normal', 0],
      ] as const) {
        await acme.tx((t) => t.enqueue(job, { label }, { priority }))
        clock.advance(1)
      }
      await node.runJobs()
      expect(began).toEqual(['high', 'normal', 'also normal', 'low'])
    },
  )

  test(
    'a job works for the tenant, on behalf of the actor, and in the request that asked for it',
    {},
    async (bench) => {
      const actor: Actor = { kind: 'user', id: 'ana', permissions: new Set() }
      const scope = { tenantId: 'acme', actor, origin: 'import' as Origin, requestId: 'request-1' }
      await bench.node.as(scope).tx((t) => t.enqueue(bench.job, { label: 'x' }))
      let seen: unknown
      bench.work(async ({ ctx }) => {
        seen = [ctx.tenantId, ctx.actor.kind, ctx.actor.id, ctx.origin, ctx.requestId, ctx.attempt]
        await ctx.tx((t) => t.repo(Effect).insert({ label: 'x' }))
      })
      await bench.node.runJobs()
      expect(seen).toEqual(['acme', 'user', 'ana', 'import', 'request-1', 1])
      const rows = (tenantId: string): Promise<unknown[]> =>
        bench.node.as({ tenantId }).ctx.db.selectFrom('conformanceEffects').select('label').execute()
      expect([await rows('acme'), await rows('other')]).toEqual([[{ label: 'x' }], []])
    },
  )

  test('jobs that jobs add run as well', {}, async (bench) => {
    bench.work(async ({ label, ctx }) => {
      if (label.length < 4) await ctx.tx((t) => t.enqueue(bench.job, { label: `${label}x` }))
    })
    await bench.enqueue('x')
    expect(await bench.node.runJobs()).toBe(4)
    expect(bench.began).toEqual(['x', 'xx', 'xxx', 'xxxx'])
  })
}
