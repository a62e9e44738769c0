import { execFile } from 'node:child_process'
import { existsSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { sqlite } from '@clientele/adapter-sqlite'
import type { Storage } from '@clientele/core'
import Database from 'better-sqlite3'
import type { BenchOptions } from '../lib/family.ts'
import { compose, PREFIX } from './composition.ts'
import { DATA_VERSION, dataSet, type DataSize } from './data-set.ts'
import type { MeasuredDatabase } from './database.ts'
import { loadSqlite, sqliteEncoding } from './load-sqlite.ts'

const CACHE = 'node_modules/.cache/clientele-bench'

/** Opens the data set of that size; fills it first where no earlier run left it. */
export async function openSqlite(size: DataSize, { fresh, log }: BenchOptions): Promise<MeasuredDatabase> {
  const file = join(CACHE, `segments-${DATA_VERSION}-${size.customers}.db`)
  if (fresh || !existsSync(file)) {
    log(`sqlite: ${size.customers} customers, ${size.orders} orders, ${size.events} events`)
    mkdirSync(CACHE, { recursive: true })
    // Also what earlier versions and broken runs have left.
    for (const old of globSync(`${CACHE}/segments-*-${size.customers}.db*`)) rmSync(old)
    const script = fileURLToPath(new URL('../fill-sqlite-process.ts', import.meta.url))
    const { customers, orders, events } = size
    const args = ['--conditions=@clientele/source', script, `${file}.new`, customers, orders, events]
    await promisify(execFile)(process.execPath, args.map(String))
    renameSync(`${file}.new`, file)
  }
  const database = bareConnection(file)
  return {
    name: 'sqlite',
    storage: sqlite(file),
    instant: String,
    count: async (sql) => database.prepare(sql).pluck().get() as number,
    async plan({ sql, parameters }) {
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[]
      return steps.map(({ detail }) => detail)
    },
    close: async () => void database.close(),
  }
}

/** Makes the data set in a new file. */
export async function fillSqlite(file: string, size: DataSize): Promise<void> {
  await withStorage(file, async () => {})
  loadSqlite(file, dataSet(size, sqliteEncoding), PREFIX)
  await withStorage(file, (storage) => storage.analyze())
}

async function withStorage(file: string, work: (storage: Storage) => Promise<void>): Promise<void> {
  const storage = sqlite(file)
  const platform = compose(storage)
  await platform.start({ workers: false })
  await work(storage)
  await platform.stop()
}

/** As the adapter's own connection for population statements. */
function bareConnection(file: string): Database.Database {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  database.pragma('mmap_size = 0')
  database.pragma('cache_size = -65536')
  database.pragma('query_only = ON')
  return database
}
