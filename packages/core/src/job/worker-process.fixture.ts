import { writeSync } from 'node:fs'
import * as z from 'zod'
import type { SharedDatabase } from '@clientele/testing'
import { createClientele } from '../clientele.ts'
import type { Clientele } from '../clientele.types.ts'
import { definePlugin } from '../plugin/plugin.ts'
import { onDatabase } from '../storage/shared-database.fixture.ts'
import { defineJob, handleJob, type JobCtx } from './job.ts'

/** What a process needs to know to work on the same database; passed as JSON. */
export interface ProcessOptions {
  readonly database: SharedDatabase
  readonly leaseMs?: number
}

export const Deadly = defineJob('process.deadly', z.object({}))

/** An instance that works on {@link Deadly} jobs by itself. */
export function workerInstance(options: ProcessOptions, run: (ctx: JobCtx) => Promise<void>): Clientele {
  const { database, leaseMs } = options
  const plugin = definePlugin({
    id: 'process',
    version: '1.0.0',
    requires: { core: '*' },
    jobs: [handleJob(Deadly, (_, ctx) => run(ctx))],
  })
  return createClientele({
    ...onDatabase(database),
    jobs: leaseMs === undefined ? {} : { leaseMs, heartbeatMs: leaseMs / 3 },
    plugins: [plugin()],
  })
}

// As a program: takes a job, says so, and never ends it.
if (process.argv[1] === import.meta.filename) {
  const instance = workerInstance(JSON.parse(process.argv[2]!) as ProcessOptions, async () => {
    writeSync(1, 'running\n')
    await new Promise(() => {})
  })
  await instance.start()
}
