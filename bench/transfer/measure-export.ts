import { createReadStream, createWriteStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { Exports, type Storage } from '@clientele/core'
import type { Figures } from '../lib/family.ts'
import { round } from '../lib/statistics.ts'
import { barePostgresExport, bareSqliteExport } from './bare-export.ts'
import { Contact, contactsInstance } from './contacts.ts'
import type { ImportBench } from './measure-import.ts'

const ROWS_PER_TRANSACTION = 5000

/** Exports the same table to a file, in turn; the fastest round of each counts. Both files must be equal. */
export async function measureExport(bench: ImportBench): Promise<Figures> {
  const { folder, postgresUrl } = bench
  const file = join(folder, 'export.db')
  const onSqlite = await compare('sqlite', bench, {
    storage: sqlite(file),
    bare: async (csv) => bareSqliteExport(csv, file),
  })
  const schema = 'export'
  const onPostgres = await compare('postgres', bench, {
    storage: postgres({ url: postgresUrl, schema }),
    bare: (csv) => barePostgresExport(csv, postgresUrl, schema),
  })
  return { ...onSqlite, ...onPostgres }
}

async function compare(
  name: string,
  { folder, rows, rounds, log }: ImportBench,
  { storage, bare }: { readonly storage: Storage; readonly bare: (csv: string) => Promise<void> },
): Promise<Figures> {
  const instance = contactsInstance(storage)
  await instance.start({ workers: false })
  try {
    await fill(instance, rows)
    await storage.analyze()
    const { ctx } = instance.as()
    const files = { ours: join(folder, 'ours.csv'), bare: join(folder, 'bare.csv') }
    const ours = async (): Promise<void> => {
      const { content } = await ctx.get(Exports).csv(ctx, 'contacts', { query: { sort: 'id' } })
      await pipeline(content, createWriteStream(files.ours))
    }
    const best = { ours: Infinity, bare: Infinity }
    for (let n = 0; n < rounds; n++) {
      best.bare = Math.min(best.bare, await secondsOf(() => bare(files.bare)))
      best.ours = Math.min(best.ours, await secondsOf(ours))
    }
    if ((await hashOf(files.ours)) !== (await hashOf(files.bare)))
      throw new Error(`${name}: the export differs from the one made by hand`)
    log(`${name}: ${Math.round(rows / best.ours)} rows/s exported, ${Math.round(rows / best.bare)} by hand`)
    return {
      [`export.${name}.ratio`]: round(best.bare / best.ours),
      [`export.${name}.rowsPerSecond`]: Math.round(rows / best.ours),
    }
  } finally {
    await instance.stop()
  }
}

async function fill(instance: ReturnType<typeof contactsInstance>, rows: number): Promise<void> {
  for (let from = 1; from <= rows; from += ROWS_PER_TRANSACTION) {
    const count = Math.min(ROWS_PER_TRANSACTION, rows + 1 - from)
    await instance
      .as()
      .tx((t) => t.repo(Contact).insertMany(Array.from({ length: count }, (_, n) => contact(from + n))))
  }
}

function contact(n: number) {
  return {
    name: `Person, ${n}`,
    email: `person${n}@example.com`,
    country: n % 7 ? 'Germany' : null,
    visits: n % 100,
    score: n / 8,
    isMember: n % 2 === 0,
    joinedAt: new Date(1_600_000_000_000 + n * 60_000).toISOString(),
    balance: { amount: (n % 1000) * 100 + 50, currency: 'EUR' },
    source: 'csv',
    externalId: String(n),
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
