import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import type { Storage } from '@clientele/core'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import type { BenchOptions, Family, Figures } from './lib/family.ts'
import { round } from './lib/statistics.ts'
import { barePostgresQueue } from './queue/bare-postgres-queue.ts'
import { bareSqliteQueue } from './queue/bare-sqlite-queue.ts'
import type { Contender } from './queue/contender.ts'
import { platformQueue } from './queue/platform-queue.ts'

/**
 * `queue.{sqlite,postgres}.{enqueue,claim}.ratio`: jobs per second over a hand-written queue on the bare driver, both
 * with 100 jobs per transaction and every commit on the disk. `claim` is taking, running and settling jobs that do
 * nothing. Measured in turn, the fastest round of each.
 */
export const queue: Family = {
  name: 'queue',
  about: 'jobs per second over a hand-written queue',
  targets: {
    'queue.sqlite.enqueue.ratio': { atLeast: 0.5 },
    'queue.sqlite.claim.ratio': { atLeast: 0.5 },
    'queue.postgres.enqueue.ratio': { atLeast: 0.5 },
    'queue.postgres.claim.ratio': { atLeast: 0.5 },
  },
  async run(options) {
    return { ...(await onSqlite(options)), ...(await onPostgres(options)) }
  },
}

async function onSqlite(options: BenchOptions): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
  try {
    const file = join(folder, 'bare.db')
    await makeTable(sqlite(file))
    const ours = await platformQueue(sqlite(join(folder, 'ours.db')))
    return await compare('sqlite', { ours, bare: bareSqliteQueue(file) }, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onPostgres(options: BenchOptions): Promise<Figures> {
  const server = await startPostgres({ durable: true })
  try {
    await makeTable(postgres({ url: server.url, schema: 'bare' }))
    const ours = await platformQueue(postgres(server.url))
    return await compare('postgres', { ours, bare: await barePostgresQueue(server.url, 'bare') }, options)
  } finally {
    await server.stop()
  }
}

async function makeTable(storage: Storage): Promise<void> {
  await (await platformQueue(storage)).close()
}

async function compare(
  database: string,
  { ours, bare }: { ours: Contender; bare: Contender },
  { small, log }: BenchOptions,
): Promise<Figures> {
  const { pairs, jobs } = small ? { pairs: 5, jobs: 1000 } : { pairs: 11, jobs: 5000 }
  const best = { ours: { enqueue: 0, claim: 0 }, bare: { enqueue: 0, claim: 0 } }
  try {
    await putInAndWorkOff(ours, jobs)
    await putInAndWorkOff(bare, jobs)
    for (let pair = 0; pair < pairs; pair++) {
      const mine = await putInAndWorkOff(ours, jobs)
      const theirs = await putInAndWorkOff(bare, jobs)
      for (const kind of ['enqueue', 'claim'] as const) {
        best.ours[kind] = Math.max(best.ours[kind], mine[kind])
        best.bare[kind] = Math.max(best.bare[kind], theirs[kind])
      }
      log(
        `${database} jobs/s: enqueue ${Math.round(mine.enqueue)} / ${Math.round(theirs.enqueue)}, ` +
          `claim and settle ${Math.round(mine.claim)} / ${Math.round(theirs.claim)}`,
      )
    }
  } finally {
    await ours.close()
    await bare.close()
  }
  return {
    [`queue.${database}.enqueue.ratio`]: round(best.ours.enqueue / best.bare.enqueue),
    [`queue.${database}.claim.ratio`]: round(best.ours.claim / best.bare.claim),
    [`queue.${database}.perSecond`]: Math.round(best.ours.claim),
  }
}

/** Jobs per second of one contender, put in and then worked off. */
async function putInAndWorkOff(
  queueOf: Contender,
  jobs: number,
): Promise<{ enqueue: number; claim: number }> {
  const enqueue = await perSecond(jobs, () => queueOf.enqueue(jobs))
  const claim = await perSecond(jobs, async () => {
    const ran = await queueOf.work()
    if (ran !== jobs) throw new Error(`${ran} of ${jobs} jobs ran`)
  })
  return { enqueue, claim }
}

async function perSecond(jobs: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (jobs * 1000) / (performance.now() - started)
}
