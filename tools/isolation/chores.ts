import { defineJob, definePlugin, defineSchedule, handleJob } from '@clientele/core'
import * as z from 'zod'

/** A job that dies, with its word in what is shown of it. */
export const Chore = defineJob('chores.chore', z.object({ word: z.string() }), { attempts: 1 })

/** Gives every tenant jobs in all states and a schedule. */
export const chores = definePlugin({
  id: 'chores',
  version: '1.0.0',
  requires: { core: '*' },
  jobs: [
    handleJob(Chore, async ({ word }) => {
      throw new Error(`Nobody does the chore "${word}"`)
    }),
  ],
  schedules: [defineSchedule(Chore, { word: 'weekly' }, { cron: '0 9 * * 1', zone: 'tenant' })],
})
