import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, listQuery, silentLogger, type Clientele, type Storage } from '@clientele/core'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import type { BenchOptions, Family, Figures } from './lib/family.ts'
import { median, round } from './lib/statistics.ts'
import { barePostgresSearch } from './search/bare-postgres-search.ts'
import { bareSqliteSearch } from './search/bare-sqlite-search.ts'
import type { BareSearch } from './search/bare-search.ts'
import { people, peopleRows, Person, questions, type PersonRow } from './search/people.ts'

const FULL = { rows: 1_000_000, questions: 100, rounds: 5 }
const SMALL = { rows: 100_000, questions: 100, rounds: 3 }
const BATCH = 1000
const PAGE = 50

/**
 * `search.{sqlite,postgres}.p99`: milliseconds for the first page of a search, newest first, over a million people:
 * selective words, beginnings and common words in turn. `ratio`: the same over a hand-written statement on an index of
 * the database's own making; per question the fastest of each, the median question.
 */
export const search: Family = {
  name: 'search',
  about: 'the first page of a search over hand-written full-text search',
  targets: {},
  async run(options) {
    return { ...(await onSqlite(options)), ...(await onPostgres(options)) }
  },
}

async function onSqlite(options: BenchOptions): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
  try {
    const file = join(folder, 'search.db')
    return await measure('sqlite', sqlite(file), () => bareSqliteSearch(file), options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onPostgres(options: BenchOptions): Promise<Figures> {
  const server = await startPostgres({
    durable: true,
    settings: { shared_buffers: '512MB', max_wal_size: '4GB' },
  })
  try {
    return await measure('postgres', postgres(server.url), () => barePostgresSearch(server.url), options)
  } finally {
    await server.stop()
  }
}

async function measure(
  name: 'sqlite' | 'postgres',
  storage: Storage,
  openBare: () => Promise<BareSearch>,
  { small, log }: BenchOptions,
): Promise<Figures> {
  const size = small ? SMALL : FULL
  const platform = createClientele({ storage, plugins: [people()], keys: KEYS, logger: silentLogger() })
  await platform.start({ workers: false })
  try {
    const seconds = await fill(platform, peopleRows(size.rows))
    log(`${name}: ${size.rows} rows in ${seconds.toFixed(1)} s`)
    await storage.analyze()
    const bare = await openBare()
    const asked = questions(size.questions)
    const ours = { all: [] as number[], best: asked.map(() => Number.POSITIVE_INFINITY) }
    const theirs = asked.map(() => Number.POSITIVE_INFINITY)
    for (let turn = -1; turn < size.rounds; turn++) {
      for (const [n, q] of asked.entries()) {
        const [took, found] = await timed(() => page(platform, q))
        const [bareTook, bareFound] = await timed(() => bare.page(q, PAGE))
        if (found !== bareFound)
          throw new Error(
            `"${q}" on ${name}: the platform finds ${found}, the hand-written statement ${bareFound}`,
          )
        if (turn < 0) continue
        ours.all.push(took)
        ours.best[n] = Math.min(ours.best[n]!, took)
        theirs[n] = Math.min(theirs[n]!, bareTook)
      }
    }
    await bare.close()
    for (const [n, q] of asked.entries())
      if (n < 10)
        log(
          `${name} ${q.padEnd(34)} ${ours.best[n]!.toFixed(2).padStart(8)} ms / ${theirs[n]!.toFixed(2).padStart(8)} ms`,
        )
    return {
      [`search.${name}.p50`]: round(quantile(ours.all, 0.5)),
      [`search.${name}.p99`]: round(quantile(ours.all, 0.99)),
      [`search.${name}.ratio`]: round(median(ours.best.map((best, n) => best / theirs[n]!))),
      [`search.${name}.rowsPerSecond`]: Math.round(size.rows / seconds),
    }
  } finally {
    await platform.stop()
  }
}

const KEYS = `bench:${Buffer.alloc(32, 7).toString('base64')}`

async function fill(platform: Clientele, rows: Iterable<PersonRow>): Promise<number> {
  const started = performance.now()
  let batch: PersonRow[] = []
  const flush = async (): Promise<void> => {
    await platform.as().tx((t) => t.repo(Person).insertMany(batch))
    batch = []
  }
  for (const row of rows) {
    batch.push(row)
    if (batch.length === BATCH) await flush()
  }
  if (batch.length > 0) await flush()
  return (performance.now() - started) / 1000
}

const list = listQuery(Person)

async function page(platform: Clientele, q: string): Promise<string> {
  const { items } = await platform
    .as()
    .ctx.repo(Person)
    .list(list.parse({ q, limit: PAGE }))
  return items.map(({ id }) => id).join()
}

async function timed(work: () => Promise<string>): Promise<readonly [number, string]> {
  const started = performance.now()
  const found = await work()
  return [performance.now() - started, found]
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]!
}
