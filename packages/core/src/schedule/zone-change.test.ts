import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { defineJob, handleJob } from '../job/job.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { defineSchedule } from './schedule.ts'

const Digest = defineJob('diary.digest', z.object({}))

eachStorage((storage) => {
  test('an instant that has come and not yet fired is not lost when the tenant moves to another zone', async () => {
    const runs: string[] = []
    const diary = definePlugin({
      id: 'diary',
      version: '1.0.0',
      requires: { core: '*' },
      jobs: [handleJob(Digest, async (_, { scheduledFor }) => void runs.push(scheduledFor!))],
      schedules: [defineSchedule(Digest, {}, { cron: '0 9 * * *', zone: 'tenant' })],
    })
    const now = '2026-01-15T08:00:00.000Z'
    const t = await createTestClientele({ storage, plugins: [diary()], now })
    await t.drain()
    t.clock.set('2026-01-15T09:00:10.000Z')
    const move = { params: { name: 'tenant' }, body: { timeZone: 'America/New_York' } } as const
    await t.as().api.core.updateSettings(move)
    await t.drain()
    expect(runs).toEqual(['2026-01-15T09:00:00.000Z'])

    t.clock.set('2026-01-16T14:00:00.000Z')
    await t.drain()
    await t.drain()
    expect(runs.at(-1)).toBe('2026-01-16T14:00:00.000Z')
    expect(new Set(runs).size).toBe(runs.length)
  })
})
