import { createTestClientele, eachStorage, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { definePlugin, type AnyPlugin } from '../plugin/plugin.ts'
import { defineJob, handleJob, type JobCtx } from './job.ts'

const Work = defineJob('works.work', z.object({ secret: z.string() }), { attempts: 1, concurrency: 1 })
const Done = defineEntity('works', { word: col.text() })

function works(run: (ctx: JobCtx) => Promise<void>): AnyPlugin {
  return definePlugin({
    id: 'works',
    version: '1.0.0',
    requires: { core: '*' },
    entities: [Done],
    migrations: {
      '0001-works': {
        up: (m) => m.createTable({ name: 'works', columns: { word: col.text() } }),
        down: (m) => m.dropTable('works'),
      },
    },
    jobs: [handleJob(Work, (_, ctx) => run(ctx))],
  })()
}

async function withJobs(storage: TestStorage, run: (ctx: JobCtx) => Promise<void>) {
  const t = await createTestClientele({
    storage,
    plugins: [works(run)],
    jobs: { leaseMs: 1000, heartbeatMs: 100 },
  })
  const enqueue = (options = {}): Promise<string> =>
    t.as().tx((tx) => tx.enqueue(Work, { secret: 'hush' }, options))
  return { t, enqueue, api: t.as().api.core }
}

const fail = async (): Promise<void> => {
  throw new Error('no luck')
}

eachStorage((storage) => {
  test('jobs are listed by state and name, page by page, and their input is never shown', async () => {
    const { t, enqueue, api } = await withJobs(storage, fail)
    const first = await enqueue()
    await t.drain()
    const ids = [first, await enqueue(), await enqueue({ runAt: '2027-01-01T00:00:00.000Z' })]
    const listed = await api.listJobs({ query: { name: 'works.work' } })
    expect(listed.items.map(({ id }) => id)).toEqual(ids.toReversed())
    expect(listed.items.map(({ state }) => state)).toEqual(['waiting', 'ready', 'dead'])
    expect(listed.items[2]).toMatchObject({
      attempt: 1,
      lastError: expect.stringContaining('no luck') as string,
    })
    const dead = await api.listJobs({ query: { state: 'dead' } })
    expect(dead.items.map(({ id }) => id)).toEqual([first])
    const page = await api.listJobs({ query: { limit: 2 } })
    const rest = await api.listJobs({ query: { limit: 2, cursor: page.nextCursor! } })
    expect([...page.items, ...rest.items].map(({ id }) => id)).toEqual(ids.toReversed())
    expect((await t.fetch('/api/v1/jobs')).text).not.toContain('hush')
    const one = await t.fetch(`/api/v1/jobs/${first}`)
    expect(one).toMatchObject({ status: 200, json: { id: first, state: 'dead' } })
    expect(one.text).not.toContain('hush')
  })

  test('a job that waits is gone when it is cancelled', async () => {
    let runs = 0
    const { t, enqueue, api } = await withJobs(storage, async () => void runs++)
    const id = await enqueue()
    await api.cancelJob({ params: { id } })
    await t.drain()
    expect(runs).toBe(0)
    expect((await t.fetch(`/api/v1/jobs/${id}`)).status).toBe(404)
    expect((await t.fetch(`/api/v1/jobs/${id}/cancel`, { method: 'POST' })).status).toBe(404)
  })

  test('a job that runs is ended when it is cancelled: it hears of it and can commit nothing more', async () => {
    const heard: unknown[] = []
    const { t, enqueue, api } = await withJobs(storage, async (ctx) => {
      await ctx.tx((tx) => tx.repo(Done).insert({ word: 'before' }))
      await api.cancelJob({ params: { id: ctx.jobId } })
      await ctx.tx((tx) => tx.repo(Done).insert({ word: 'after' })).catch((e: unknown) => heard.push(e))
      await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve))
      heard.push(ctx.signal.reason)
    })
    await enqueue()
    await t.drain()
    await expect.poll(() => heard).toMatchObject([{ code: 'job.lease_lost' }, { code: 'job.lease_lost' }])
    const words = await t.as().db.selectFrom('works').select('word').execute()
    expect(words).toEqual([{ word: 'before' }])
    expect((await api.listJobs()).items).toEqual([])
  })

  test('a dead job is run again with all its attempts, or removed', async () => {
    let broken = true
    let runs = 0
    const { t, enqueue, api } = await withJobs(storage, async () => {
      runs++
      if (broken) throw new Error('no luck')
    })
    const id = await enqueue({ dedupeKey: 'one' })
    await t.drain()
    const twin = await enqueue({ dedupeKey: 'one' })
    const refused = await t.fetch(`/api/v1/jobs/${id}/retry`, { method: 'POST' })
    expect(refused).toMatchObject({ status: 409, json: { code: 'job.living_duplicate' } })
    expect(await t.fetch(`/api/v1/jobs/${twin}/retry`, { method: 'POST' })).toMatchObject({
      status: 409,
      json: { code: 'job.wrong_state' },
    })
    expect((await t.fetch(`/api/v1/jobs/${twin}`, { method: 'DELETE' })).status).toBe(409)
    await t.drain()
    await api.removeJob({ params: { id: twin } })
    broken = false
    expect(await api.retryJob({ params: { id } })).toMatchObject({ state: 'ready', attempt: 0 })
    await t.drain()
    expect(runs).toBe(3)
    expect((await api.listJobs()).items).toEqual([])
  })

  test('a job of another tenant is not there, whatever is done with it', async () => {
    const t = await createTestClientele({
      storage,
      plugins: [works(fail)],
      tenancy: { mode: 'multi', tenants: async () => ['mine', 'theirs'] },
    })
    const enqueue = (tenantId: string): Promise<string> =>
      t.as({ tenantId }).tx((tx) => tx.enqueue(Work, { secret: 'hush' }))
    const mine = await enqueue('mine')
    const theirs = await enqueue('theirs')
    const waiting = await t.as({ tenantId: 'theirs' }).tx(async (tx) => {
      await tx.enqueueMany(Work, [{ secret: 'a' }], { runAt: '2027-01-01T00:00:00.000Z' })
      return (await tx.repo(Done).list({ filters: [], sort: [], limit: 1 })).items
    })
    expect(waiting).toEqual([])
    await t.drain()
    const as = { tenants: ['mine'] as [string] }
    const { json } = await t.fetch('/api/v1/jobs', { as })
    expect(json.items.map(({ id }: { id: string }) => id)).toEqual([mine])
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/cancel'],
      ['POST', '/retry'],
      ['DELETE', ''],
    ]) {
      const answer = await t.fetch(`/api/v1/jobs/${theirs}${path}`, { method: method!, as })
      expect(answer.status, `${method} ${path}`).toBe(404)
    }
    const left = await t.as({ tenantId: 'theirs' }).api.core.listJobs()
    expect(left.items.map(({ state }) => state).toSorted()).toEqual(['dead', 'waiting'])
  })
})
