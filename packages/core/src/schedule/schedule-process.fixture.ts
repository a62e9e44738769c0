import * as z from 'zod'
import type { SharedDatabase } from '@clientele/testing'
import { createClientele } from '../clientele.ts'
import type { Clientele } from '../clientele.types.ts'
import { col } from '../entity/column.ts'
import { defineEntity } from '../entity/entity.ts'
import { defineJob, handleJob } from '../job/job.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { onDatabase } from '../storage/shared-database.fixture.ts'
import { defineSchedule } from './schedule.ts'

/** One row for each job of the schedule: its id is the job's, so a run that is repeated adds none. */
const Tick = defineEntity('ticks', { instant: col.timestamp() })
const Count = defineJob('ticks.count', z.object({}))

const ticks = definePlugin({
  id: 'ticks',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Tick],
  migrations: {
    '0001-ticks': {
      up: (m) => m.createTable({ name: 'ticks', columns: { instant: col.timestamp() } }),
      down: (m) => m.dropTable('ticks'),
    },
  },
  jobs: [
    handleJob(Count, (_, ctx) =>
      ctx.tx(async (t) => {
        if (await t.repo(Tick).find(ctx.jobId)) return
        await t.repo(Tick).insert({ id: ctx.jobId, instant: ctx.scheduledFor! })
      }),
    ),
  ],
  schedules: [defineSchedule(Count, {}, { cron: '* * * * * *' })],
})

/** An instance with a schedule that is due every second. */
export function tickingInstance(database: SharedDatabase): Clientele {
  return createClientele({
    ...onDatabase(database, 3),
    jobs: { leaseMs: 3000, heartbeatMs: 1000 },
    plugins: [ticks()],
  })
}

// As a program: works until it is killed.
if (process.argv[1] === import.meta.filename) {
  await tickingInstance(JSON.parse(process.argv[2]!) as SharedDatabase).start()
}
