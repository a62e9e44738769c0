import { join } from 'node:path'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import {
  postgresTestStorage,
  queueConformance,
  temporaryFolder,
  type QueueConformanceTarget,
} from '@clientele/testing'
import { inject } from 'vitest'
import type { QueueDriver } from './queue-driver.ts'

async function sqliteTarget(): Promise<QueueConformanceTarget> {
  const file = join(await temporaryFolder(), 'queue.db')
  return { storage: () => sqlite(file), dispose: async () => {} }
}

async function postgresTarget(): Promise<QueueConformanceTarget> {
  const url = inject('postgresUrl')
  const database = await postgresTestStorage(url)
  return {
    storage: () => postgres({ url, schema: database.schema, max: 4 }),
    dispose: () => database.dispose(),
  }
}

/** Hints between instances of one process. */
function localHints(): () => QueueDriver {
  const wakes = new Set<(names?: readonly string[]) => void>()
  return () => ({
    id: 'local',
    announce: async (names) => wakes.forEach((wake) => wake(names)),
    async listen(wake) {
      wakes.add(wake)
      return { close: async () => void wakes.delete(wake) }
    },
  })
}

queueConformance({ name: 'sqlite', create: sqliteTarget })
queueConformance({ name: 'postgres', create: postgresTarget })
queueConformance({ name: 'sqlite with hints', create: sqliteTarget, driver: localHints() })
