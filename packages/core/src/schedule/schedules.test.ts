import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import * as z from 'zod'
import { createClientele } from '../clientele.ts'
import { defineJob, handleJob } from '../job/job.ts'
import { definePlugin, type AnyPlugin } from '../plugin/plugin.ts'
import { silentLogger } from '../ports/logger.ts'
import { defineSchedule, type ScheduleOptions } from './schedule.ts'

const Note = defineJob('diary.note', z.object({ word: z.string().default('tick') }))

/** Writes down each run: tenant, the instant it stands for, the input's word. */
function diary(runs: string[], options: ScheduleOptions, name?: string): AnyPlugin {
  return definePlugin({
    id: 'diary',
    version: '1.0.0',
    requires: { core: '*' },
    jobs: [
      handleJob(Note, async ({ word }, ctx) => {
        runs.push(`${ctx.tenantId} ${ctx.scheduledFor} ${word}`)
      }),
    ],
    schedules: [defineSchedule(Note, {}, { ...options, ...(name ? { name } : {}) })],
  })()
}

eachStorage((storage) => {
  test('a schedule fires at its instant, once, and tells the job which instant that is', async () => {
    const runs: string[] = []
    const t = await createTestClientele({ storage, plugins: [diary(runs, { cron: '0 3 * * *' })] })
    await t.drain()
    t.clock.set('2026-01-16T02:59:59.999Z')
    await t.drain()
    expect(runs).toEqual([])
    t.clock.set('2026-01-16T03:00:00.000Z')
    await t.drain()
    await t.drain()
    expect(runs).toEqual(['default 2026-01-16T03:00:00.000Z tick'])
    t.clock.set('2026-01-17T03:00:20.000Z')
    await t.drain()
    expect(runs).toHaveLength(2)
  })

  test('instants that passed while nothing ran are made up for once, or not at all', async () => {
    const [once, skip]: [string[], string[]] = [[], []]
    for (const [runs, missed] of [
      [once, 'once'],
      [skip, 'skip'],
    ] as const) {
      const t = await createTestClientele({ storage, plugins: [diary(runs, { cron: '0 * * * *', missed })] })
      await t.drain()
      t.clock.set('2026-03-02T10:20:00.000Z')
      await t.drain()
      t.clock.set('2026-03-02T11:00:00.000Z')
      await t.drain()
      // One on time makes up for those before it.
      t.clock.set('2026-03-02T15:00:30.000Z')
      await t.drain()
    }
    expect(once).toEqual([
      'default 2026-03-02T10:00:00.000Z tick',
      'default 2026-03-02T11:00:00.000Z tick',
      'default 2026-03-02T15:00:00.000Z tick',
    ])
    expect(skip).toEqual(once.slice(1))
  })

  test('a schedule in the tenant’s zone follows its settings at once', async () => {
    const runs: string[] = []
    const t = await createTestClientele({
      storage,
      plugins: [diary(runs, { cron: '0 9 * * *', zone: 'tenant' })],
    })
    await t.drain()
    await t.as().api.core.updateSettings({
      params: { name: 'tenant' },
      body: { timeZone: 'America/Sao_Paulo' },
    })
    t.clock.set('2026-01-16T11:59:00.000Z')
    await t.drain()
    t.clock.set('2026-01-16T12:00:00.000Z')
    await t.drain()
    expect(runs).toEqual(['default 2026-01-16T12:00:00.000Z tick'])
  })

  test('every tenant has its own, a new one from the next look on, and one that is gone none', async () => {
    const runs: string[] = []
    let tenants = ['one', 'two']
    const t = await createTestClientele({
      storage,
      tenancy: { mode: 'multi', tenants: async () => tenants },
      plugins: [diary(runs, { cron: '0 * * * *' })],
    })
    await t.drain()
    t.clock.set('2026-01-15T13:00:00.000Z')
    tenants = ['two', 'three']
    await t.drain()
    t.clock.set('2026-01-15T14:00:00.000Z')
    await t.drain()
    expect(runs.toSorted()).toEqual([
      'three 2026-01-15T14:00:00.000Z tick',
      'two 2026-01-15T13:00:00.000Z tick',
      'two 2026-01-15T14:00:00.000Z tick',
    ])
  })

  test('a definition that changed counts from now on, and keeps nothing of the old one', async () => {
    const runs: string[] = []
    const before = await createTestClientele({ storage, plugins: [diary(runs, { cron: '0 13 * * *' })] })
    await before.drain()
    await before.cdp.stop()
    const after = createClientele({
      storage: before.storage,
      clock: before.clock,
      logger: silentLogger(),
      keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      plugins: [diary(runs, { cron: '0 14 * * *' })],
    })
    await after.start({ workers: false })
    await after.runJobs()
    before.clock.set('2026-01-15T13:00:00.000Z')
    await after.runJobs()
    before.clock.set('2026-01-15T14:00:00.000Z')
    await after.runJobs()
    await after.stop()
    expect(runs).toEqual(['default 2026-01-15T14:00:00.000Z tick'])
  })

  test('workers fire what is due by themselves, also while the tenants cannot be listed', async () => {
    const { promise: fired, resolve } = Promise.withResolvers<string>()
    const beat = definePlugin({
      id: 'beat',
      version: '1.0.0',
      requires: { core: '*' },
      jobs: [handleJob(Note, async (_, ctx) => resolve(`${ctx.tenantId} ${typeof ctx.scheduledFor}`))],
      schedules: [
        defineSchedule(Note, {}, { cron: '* * * * * *', each: 'instance' }),
        defineSchedule(Note, {}, { cron: '0 3 * * *', name: 'beat.daily' }),
      ],
    })
    // Its own instance: the test kit's clock stands still, and its instance does not work by itself.
    const { storage: own } = await createTestClientele({ storage, plugins: [] })
    const cdp = createClientele({
      storage: own,
      logger: silentLogger(),
      keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      tenancy: { mode: 'multi', tenants: () => Promise.reject(new Error('not today')) },
      plugins: [beat()],
    })
    onTestFinished(() => cdp.stop({ graceMs: 0 }))
    await cdp.start()
    expect(await fired).toBe('* string')
  })
})
