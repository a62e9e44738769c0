import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { definePlugin } from '../plugin/plugin.ts'
import { defineJob, handleJob, type JobHandler, type JobOptions } from './job.ts'

const requires = { core: '*' }

function withJobs(...jobs: readonly JobHandler[]) {
  return definePlugin({ id: 'work', version: '1.0.0', requires, jobs })()
}

eachStorage((storage) => {
  test('a job runs after the transaction that added it, and is gone', async () => {
    const ran: unknown[] = []
    const Greet = defineJob('work.greet', z.object({ name: z.string() }))
    const t = await createTestClientele({
      storage,
      plugins: [withJobs(handleJob(Greet, async (input, ctx) => void ran.push([input.name, ctx.attempt, ctx.tenantId])))],
    })
    await t.as().tx((tx) => tx.enqueue(Greet, { name: 'Ana' }))
    expect(ran).toEqual([])
    expect(await t.drain()).toBe(1)
    expect(ran).toEqual([['Ana', 1, 'default']])
    expect(await t.drain()).toBe(0)
  })
})
