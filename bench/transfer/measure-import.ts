import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { Files, type Storage } from '@clientele/core'
import pg from 'pg'
import type { Figures } from '../lib/family.ts'
import { round } from '../lib/statistics.ts'
import { barePostgresImport, bareSqliteImport } from './bare-import.ts'
import { contactsFile, contactsInstance } from './contacts.ts'

export interface ImportBench {
  readonly folder: string
  readonly postgresUrl: string
  readonly rows: number
  readonly rounds: number
  readonly log: (line: string) => void
}

/** Imports the same file into equal empty tables, in turn; the fastest round of each counts. */
export async function measureImport(bench: ImportBench): Promise<Figures> {
  const { folder, rows, postgresUrl } = bench
  const csv = join(folder, 'contacts.csv')
  await writeFile(csv, contactsFile(rows))
  const onSqlite = await compare('sqlite', bench, async (round_) => {
    const [ours, bare] = [join(folder, `ours-${round_}.db`), join(folder, `bare-${round_}.db`)]
    const seconds = {
      bare: await emptied(sqlite(bare), () => bareSqliteImport(csv, bare), rows),
      ours: await platformImport(sqlite(ours), rows),
    }
    for (const file of [ours, bare])
      for (const end of ['', '-wal', '-shm']) await rm(file + end, { force: true })
    return seconds
  })
  const onPostgres = await compare('postgres', bench, async (round_) => {
    const [ours, bare] = [`ours_${round_}`, `bare_${round_}`]
    const seconds = {
      bare: await emptied(
        postgres({ url: postgresUrl, schema: bare }),
        () => barePostgresImport(csv, postgresUrl, bare),
        rows,
      ),
      ours: await platformImport(postgres({ url: postgresUrl, schema: ours }), rows),
    }
    const client = new pg.Client(postgresUrl)
    await client.connect()
    for (const schema of [ours, bare]) await client.query(`DROP SCHEMA ${schema} CASCADE`)
    await client.end()
    return seconds
  })
  return { ...onSqlite, ...onPostgres }
}

interface Seconds {
  readonly ours: number
  readonly bare: number
}

async function compare(
  name: string,
  { rows, rounds, log }: ImportBench,
  measure: (round_: number) => Promise<Seconds>,
): Promise<Figures> {
  const all: Seconds[] = []
  for (let n = 0; n < rounds; n++) all.push(await measure(n))
  const bare = Math.min(...all.map((one) => one.bare))
  const ours = Math.min(...all.map((one) => one.ours))
  log(`${name}: ${Math.round(rows / ours)} rows/s imported, ${Math.round(rows / bare)} by hand`)
  return {
    [`import.${name}.ratio`]: round(bare / ours),
    [`import.${name}.rowsPerSecond`]: Math.round(rows / ours),
  }
}

/** The seconds of `work` over the platform's own table, empty. */
async function emptied(storage: Storage, work: () => Promise<number>, rows: number): Promise<number> {
  const instance = contactsInstance(storage)
  await instance.start({ workers: false })
  await instance.stop()
  const begun = performance.now()
  const imported = await work()
  if (imported !== rows) throw new Error(`${imported} of ${rows} rows were imported by hand`)
  return (performance.now() - begun) / 1000
}

/** From the request to the end of the job; the upload stands for the file that lies there for the other. */
async function platformImport(storage: Storage, rows: number): Promise<number> {
  const instance = contactsInstance(storage)
  await instance.start({ workers: false })
  try {
    const { api, ctx } = instance.as()
    const file = { name: 'contacts.csv', permission: 'files:read' }
    const { id: fileId } = await ctx.get(Files).put(ctx, file, contactsFile(rows))
    const begun = performance.now()
    const { id } = await api.contacts.startImport({ body: { fileId, key: null } })
    await instance.runJobs()
    const seconds = (performance.now() - begun) / 1000
    const row = await api.core.getImport({ params: { id } })
    if (row.inserted !== rows)
      throw new Error(`${row.inserted} of ${rows} rows were imported: ${row.message}`)
    return seconds
  } finally {
    await instance.stop()
  }
}
