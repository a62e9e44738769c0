import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { defineJob, handleJob } from '../job/job.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { defineSchedule } from './schedule.ts'

const Digest = defineJob('digest.send', z.object({}), { attempts: 1 })
const Sweep = defineJob('digest.sweep', z.object({}))

function digest(runs: string[]) {
  return definePlugin({
    id: 'digest',
    version: '1.0.0',
    requires: { core: '*' },
    jobs: [
      handleJob(Digest, async (_, ctx) => {
        runs.push(`${ctx.tenantId} ${ctx.actor.kind} ${ctx.scheduledFor}`)
        throw new Error('no luck')
      }),
      handleJob(Sweep, async (_, ctx) => void runs.push(`${ctx.tenantId} ${ctx.scheduledFor}`)),
    ],
    schedules: [
      defineSchedule(Digest, {}, { cron: '0 9 * * 1', zone: 'tenant' }),
      defineSchedule(Sweep, {}, { cron: '0 * * * *', each: 'instance' }),
    ],
  })()
}

eachStorage((storage) => {
  test('a list tells when each schedule runs next and how its last job stands', async () => {
    const runs: string[] = []
    const t = await createTestClientele({ storage, plugins: [digest(runs)] })
    const { api } = t.as()
    const own = async () =>
      (await api.core.listSchedules()).items.filter(({ name }) => name.startsWith('digest.'))
    expect(await own()).toMatchObject([{ nextRunAt: null }, { nextRunAt: null }])
    await t.drain()
    expect(await own()).toEqual([
      {
        name: 'digest.send',
        job: 'digest.send',
        cron: '0 9 * * 1',
        zone: 'UTC',
        each: 'tenant',
        nextRunAt: '2026-01-19T09:00:00.000Z',
        lastRunAt: null,
        lastJob: null,
      },
      expect.objectContaining({ name: 'digest.sweep', nextRunAt: '2026-01-15T13:00:00.000Z' }),
    ])
    t.clock.set('2026-01-19T09:00:00.000Z')
    await t.drain()
    expect(await own()).toMatchObject([
      {
        nextRunAt: '2026-01-26T09:00:00.000Z',
        lastRunAt: '2026-01-19T09:00:00.000Z',
        lastJob: { state: 'dead' },
      },
      { lastRunAt: '2026-01-19T09:00:00.000Z', lastJob: { state: 'gone' } },
    ])
  })

  test('a schedule run now keeps its next instant', async () => {
    const runs: string[] = []
    const t = await createTestClientele({ storage, plugins: [digest(runs)] })
    await t.drain()
    const { api } = t.as()
    const { jobId } = await api.core.runSchedule({ params: { name: 'digest.send' } })
    await t.drain()
    expect(runs).toEqual(['default system 2026-01-15T12:00:00.000Z'])
    expect(await api.core.getJob({ params: { id: jobId } })).toMatchObject({ state: 'dead' })
    const [first] = (await api.core.listSchedules()).items.filter(({ name }) => name === 'digest.send')
    expect(first).toMatchObject({ nextRunAt: '2026-01-19T09:00:00.000Z', lastRunAt: null })
  })

  test('where many tenants share an instance, each sees its own and none what is for all', async () => {
    const runs: string[] = []
    const t = await createTestClientele({
      storage,
      plugins: [digest(runs)],
      tenancy: { mode: 'multi', tenants: async () => ['one', 'two'] },
    })
    await t.drain()
    const as = { tenants: ['one'] as [string] }
    const { json } = await t.fetch('/api/v1/schedules', { as })
    expect(json.items.map(({ name }: { name: string }) => name)).toEqual(['digest.send'])
    expect((await t.fetch('/api/v1/schedules/digest.sweep/run', { method: 'POST', as })).status).toBe(404)
    expect((await t.fetch('/api/v1/schedules/digest.send/run', { method: 'POST', as })).status).toBe(202)
    await t.drain()
    expect(runs).toEqual(['one user 2026-01-15T12:00:00.000Z'])
  })
})
