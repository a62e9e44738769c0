import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import type { JobCtx } from '../job/job.ts'
import { listen } from './live-client.fixture.ts'
import { Count, notes } from './live-notes.fixture.ts'

const jobs = { leaseMs: 600, heartbeatMs: 50 }

/** A run that the test lets go on. */
function held() {
  const [began, end] = [Promise.withResolvers<JobCtx>(), Promise.withResolvers<void>()]
  const run = async (_: unknown, ctx: JobCtx): Promise<void> => {
    await ctx.progress(3, 10)
    began.resolve(ctx)
    await end.promise
  }
  return { run, began: began.promise, end: end.resolve, fail: end.reject }
}

eachStorage((storage) => {
  test('a job is told as it runs, with its progress, and as done when it is gone', async () => {
    const { run, began, end } = held()
    const t = await createTestClientele({ storage, plugins: [notes(run)], jobs })
    const client = await listen(await t.url(), { query: 'jobs=true' })
    const id = await t.as().tx((tx) => tx.enqueue(Count, { to: 10 }))
    const drained = t.drain()
    await began
    const job = { id, name: 'notes.count', attempt: 1 }
    let told = await client.nextOf('job')
    while (told.data.done === null) told = await client.nextOf('job')
    expect(told.data).toEqual({ ...job, state: 'running', done: 3, total: 10 })
    expect(told).not.toHaveProperty('id')

    const late = await listen(await t.url(), { query: 'jobs=true' })
    expect((await late.nextOf('job')).data).toEqual(told.data)
    const asked = await listen(await t.url(), { query: 'jobs=true&once=true' })
    expect((await asked.rest()).map(({ type }) => type)).toEqual(['hello', 'job'])

    end()
    await drained
    for (const one of [client, late])
      expect((await one.nextOf('job')).data).toEqual({ ...job, state: 'done', done: 3, total: 10 })
  })

  test('a job that fails for good is told as dead', async () => {
    const { run, began, fail } = held()
    const t = await createTestClientele({ storage, plugins: [notes(run)], jobs })
    const client = await listen(await t.url(), { query: 'jobs=true' })
    await t.as().tx((tx) => tx.enqueue(Count, { to: 10 }))
    const drained = t.drain()
    await began
    await client.nextOf('job')
    fail(new Error('no'))
    await drained
    for (let left = 4; left > 0; left--) {
      t.clock.advance('1h')
      await t.drain()
    }
    let state = ''
    while (state !== 'dead') state = (await client.nextOf('job')).data.state
  })

  test('jobs are told to their tenant, and to those who may see jobs', async () => {
    const { run, began, end } = held()
    const t = await createTestClientele({ storage, plugins: [notes(run)], jobs, tenancy: { mode: 'multi' } })
    await t.as({ tenantId: 'acme' }).tx((tx) => tx.enqueue(Count, { to: 10 }))
    const drained = t.drain()
    await began
    const query = 'jobs=true&once=true'
    const told = async (tenant: string, permission: string): Promise<number> => {
      const as = { tenants: [tenant], permissions: [permission] } as const
      const events = await (await listen(await t.url(), { as, query })).rest()
      return events.filter(({ type }) => type === 'job').length
    }
    expect(await told('acme', 'jobs:read')).toBe(1)
    expect(await told('acme', 'notes:read')).toBe(0)
    expect(await told('globex', 'jobs:read')).toBe(0)
    end()
    await drained
  })
})
