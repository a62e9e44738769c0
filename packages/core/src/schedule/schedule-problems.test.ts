import { createTestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { defineJob, handleJob } from '../job/job.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { defineSchedule, type Schedule } from './schedule.ts'

const Send = defineJob('digest.send', z.object({ to: z.string() }))
const Other = defineJob('digest.other', z.object({}))

async function problemsOf(...schedules: Schedule[]): Promise<string> {
  const digest = definePlugin({
    id: 'digest',
    version: '1.0.0',
    requires: { core: '*' },
    jobs: [handleJob(Send, async () => {})],
    schedules,
  })
  return createTestClientele({ plugins: [digest()] }).then(
    () => '',
    (error: Error) => error.message,
  )
}

const to = { to: 'ana' }
const daily = '0 9 * * *'

test('every problem of a schedule is named with its plugin and the way out', async () => {
  const message = await problemsOf(
    defineSchedule(Send, to, { cron: '61 * * * *' }),
    defineSchedule(Send, to, { cron: 'daily', name: 'digest.word' }),
    defineSchedule(Send, to, { cron: '0 0 30 2 *', name: 'digest.never' }),
    defineSchedule(Send, to, { cron: daily, zone: 'Mars/Olympus', name: 'digest.zone' }),
    defineSchedule(Send, { to: 7 } as never, { cron: daily, name: 'digest.input' }),
    defineSchedule(Other, {}, { cron: daily }),
    defineSchedule(Send, to, { cron: daily, zone: 'tenant', each: 'instance', name: 'digest.all' }),
    defineSchedule(Send, to, { cron: daily, missed: 'twice' as never, name: 'digest.missed' }),
    defineSchedule(Send, to, { cron: daily, name: 'Every day' }),
    defineSchedule(Send, to, { cron: daily, name: 'digest.same' }),
    defineSchedule(Send, to, { cron: daily, name: 'digest.same' }),
  )
  expect(message.split('\n').slice(1)).toEqual([
    '  - schedule "digest.same" is declared by both plugin "digest" and plugin "digest"',
    '  - plugin "digest": schedule "digest.send": cron "61 * * * *" cannot be read: Invalid value for minute: 61; write five fields such as 0 3 * * *',
    '  - plugin "digest": schedule "digest.word": cron "daily" cannot be read: it must have five fields, or six of which the first is the second; write five fields such as 0 3 * * *',
    '  - plugin "digest": schedule "digest.never": cron "0 0 30 2 *" names no instant that ever comes; change its fields',
    '  - plugin "digest": schedule "digest.zone": zone "Mars/Olympus" is no IANA time zone; use one such as America/Sao_Paulo, or tenant',
    '  - plugin "digest": schedule "digest.input": input to: Invalid input: expected string, received number; give what the job "digest.send" takes',
    '  - plugin "digest": schedule "digest.other": its job "digest.other" is none of the plugin\'s own; list its handler in jobs',
    '  - plugin "digest": schedule "digest.all": it is for the whole instance, which has no tenant zone; name an IANA zone',
    '  - plugin "digest": schedule "digest.missed": missed "twice" must be once or skip',
    '  - plugin "digest": schedule "Every day": its name must be of the form plugin.verb, such as digest.send',
  ])
})

test('what is well declared is taken', async () => {
  expect(await problemsOf(defineSchedule(Send, to, { cron: '30 0 3 * * 1', zone: 'Europe/Berlin' }))).toBe('')
})
