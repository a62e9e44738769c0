import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import type { Storage } from '@clientele/core'
import { postgresTestStorage, type TestStorage } from '@clientele/testing'
import { inject, onTestFinished } from 'vitest'
import { createShop, type Shop } from './shop.ts'

/** For instances on PostgreSQL, which have no place for a key file. */
export const TEST_KEYS = `test:${Buffer.alloc(32, 7).toString('base64')}`

export interface TestShop {
  readonly shop: Shop
  readonly storage: Storage
  /** For another process: what DATABASE_URL takes. */
  readonly url: string
}

/** The example on a database of its own, gone when the test ends. */
export async function startTestShop(kind: TestStorage): Promise<TestShop> {
  const folder = await testFolder()
  const file = join(folder, 'shop.db')
  const database =
    kind === 'sqlite'
      ? { storage: sqlite(file), url: `sqlite:${file}`, dispose: async () => {} }
      : await postgresDatabase()
  const { storage, url, dispose } = database
  const { shop } = createShop(storage, { keys: TEST_KEYS })
  onTestFinished(async () => {
    await shop.stop()
    await dispose()
  })
  await shop.start({ workers: false })
  return { shop, storage, url }
}

/** A folder that goes when the test ends. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-shop-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function postgresDatabase() {
  const server = inject('postgresUrl')
  const database = await postgresTestStorage(server)
  const url = new URL(server)
  url.searchParams.set('options', `-c search_path=${database.schema}`)
  return { storage: database.storage, url: url.href, dispose: () => database.dispose() }
}
