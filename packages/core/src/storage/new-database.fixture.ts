import { join } from 'node:path'
import { postgresTestStorage, temporaryFolder } from '@clientele/testing'
import { inject, onTestFinished } from 'vitest'
import type { SharedDatabase } from './shared-database.fixture.ts'

/** An empty database that several processes may open; gone when the test ends. */
export async function newDatabase(kind: string): Promise<SharedDatabase> {
  if (kind === 'sqlite') return { sqlite: join(await temporaryFolder(), 'shared.db') }
  const url = inject('postgresUrl')
  const database = await postgresTestStorage(url)
  onTestFinished(() => database.dispose())
  return { url, schema: database.schema }
}
