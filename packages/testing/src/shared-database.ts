import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { postgresTestStorage } from './postgres-schema.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A database that several processes open; passed to them as JSON. */
export type SharedDatabase = { readonly sqlite: string } | { readonly url: string; readonly schema: string }

/** An empty database that several processes may open; gone when the test ends. */
export async function newDatabase(kind: 'sqlite' | 'postgres'): Promise<SharedDatabase> {
  if (kind === 'sqlite') return { sqlite: join(await temporaryFolder(), 'shared.db') }
  const url = inject('postgresUrl')
  const database = await postgresTestStorage(url)
  onTestFinished(() => database.dispose())
  return { url, schema: database.schema }
}
