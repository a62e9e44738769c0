import { join } from 'node:path'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { postgresTestStorage, temporaryFolder, type TestStorage } from '@clientele/testing'
import { inject, onTestFinished } from 'vitest'
import { systemClock } from '../ports/clock.ts'
import { silentLogger } from '../ports/logger.ts'
import type { Storage } from '../storage/storage.ts'
import type { SchemaRegistry } from './schema-registry.fixture.ts'

/** An empty database that several storages may open, as several processes would; gone when the test ends. */
export interface TestDatabase {
  /** The path of a SQLite database, for other processes. */
  readonly file: string
  open(registry?: SchemaRegistry): Promise<Storage>
}

export async function emptyDatabase(kind: TestStorage): Promise<TestDatabase> {
  const opened: Storage[] = []
  const { file, connect, remove } = kind === 'sqlite' ? await emptyFile() : await emptySchema()
  onTestFinished(async () => {
    for (const storage of opened) await storage.close()
    await remove()
  })
  return {
    file,
    async open(registry) {
      const storage = connect()
      opened.push(storage)
      await storage.open({
        logger: silentLogger(),
        clock: systemClock(),
        columnType: (table, column) =>
          registry?.tables.get(table)?.table.columns.find((c) => c.name === column)?.type,
      })
      return storage
    },
  }
}

async function emptyFile() {
  const file = join(await temporaryFolder(), 'test.db')
  return { file, connect: () => sqlite(file), remove: async () => {} }
}

async function emptySchema() {
  const server = inject('postgresUrl')
  const scratch = await postgresTestStorage(server)
  const connect = () => postgres({ url: server, schema: scratch.schema, max: 3 })
  return { file: '', connect, remove: () => scratch.dispose() }
}
