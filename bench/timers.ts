import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger, type Ctx, type Storage } from '@clientele/core'
import { Customer, CustomerEvents, customers } from '@clientele/plugin-customers'
import { segments } from '@clientele/plugin-segments'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import type { BenchOptions, Family, Figures } from './lib/family.ts'
import { seededRandom } from './lib/random.ts'

const HOUR = 3_600_000
/** Until the first stay ends, and over how long they end, in milliseconds. */
const LEAD = 3000
const SPREAD = 12_000
/** Customers of a transaction. */
const SLICE = 50

/**
 * `timers.{sqlite,postgres}.late.{p50,max}`: milliseconds from the instant at which a window leaves somebody’s event
 * behind to the commit after which they are no member, as another connection sees it. The process works as any host’s:
 * real clock, its own worker, timers at any instant.
 */
export const timers: Family = {
  name: 'timers',
  about: 'how late memberships end that time alone ends',
  targets: {
    'timers.sqlite.late.max': { atMost: 1000 },
    'timers.postgres.late.max': { atMost: 1000 },
  },
  async run(options) {
    return { ...(await onSqlite(options)), ...(await onPostgres(options)) }
  },
}

async function onSqlite(options: BenchOptions): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
  try {
    return await measure('sqlite', sqlite(join(folder, 'timers.db')), options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onPostgres(options: BenchOptions): Promise<Figures> {
  const server = await startPostgres({ durable: true })
  try {
    return await measure('postgres', postgres(server.url), options)
  } finally {
    await server.stop()
  }
}

async function measure(database: string, storage: Storage, { small, log }: BenchOptions): Promise<Figures> {
  const keys = `bench:${Buffer.alloc(32, 7).toString('base64')}`
  const cdp = createClientele({ storage, logger: silentLogger(), keys, plugins: [customers(), segments()] })
  await cdp.start()
  const { ctx, api } = cdp.as()
  const condition = { type: 'event', name: 'Seen', within: { last: { amount: 1, unit: 'hour' } } }
  const { id } = await api.segments.create({ body: { name: 'Seen lately', condition } })
  while ((await api.segments.get({ params: { id } })).status !== 'live') await sleep(50)
  const seen = new Map<string, number>()
  const watching = new AbortController()
  const watched = watch(ctx, seen, watching.signal)
  const ends = await stays(ctx, small ? 300 : 3000)
  while ([...ends.keys()].some((customerId) => !seen.has(customerId))) await sleep(20)
  watching.abort()
  await watched
  await cdp.stop()
  const late = [...ends].map(([customerId, end]) => seen.get(customerId)! - end).toSorted((a, b) => a - b)
  const figures = { p50: late[Math.floor(late.length / 2)]!, max: late.at(-1)! }
  log(`${database}: ${late.length} stays ended ${figures.p50} ms late, the latest ${figures.max} ms`)
  return { [`timers.${database}.late.p50`]: figures.p50, [`timers.${database}.late.max`]: figures.max }
}

/** Customers who are in for a few seconds yet, and when each stay must end. */
async function stays(ctx: Ctx, count: number): Promise<ReadonlyMap<string, number>> {
  const random = seededRandom(1)
  const ends = new Map<string, number>()
  for (let made = 0; made < count; made += SLICE) {
    const slice = new Map<string, number>()
    await ctx.tx(async (t) => {
      slice.clear()
      const people = await t.repo(Customer).insertMany(Array.from({ length: SLICE }, () => ({})))
      for (const { id: customerId } of people) {
        const end = Date.now() + LEAD + Math.floor(random.number() * SPREAD)
        // The window holds its first instant still.
        const occurredAt = new Date(end - 1 - HOUR).toISOString()
        await t.get(CustomerEvents).track(t, { who: { customerId }, name: 'Seen', occurredAt })
        slice.set(customerId, end)
      }
    })
    // A stay that should end before anybody could see it says nothing of timers.
    for (const [customerId, end] of slice) if (end > Date.now()) ends.set(customerId, end)
  }
  return ends
}

/** Notes when each customer is first seen to be no member any more. */
async function watch(ctx: Ctx, seen: Map<string, number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const rows = await ctx.db
      .selectFrom('memberships')
      .select('customerId')
      .where('leftAt', 'is not', null)
      .execute()
    const now = Date.now()
    for (const { customerId } of rows)
      if (!seen.has(customerId as string)) seen.set(customerId as string, now)
    await sleep(5)
  }
}
