import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger, type Clientele, type Ctx, type Storage } from '@clientele/core'
import { Customer, CustomerEvents, customers, Ingest } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import type { BenchOptions, Family, Figures } from './lib/family.ts'
import { round } from './lib/statistics.ts'
import { bareRecompute, clearMembers } from './memberships/bare-recompute.ts'

/**
 * - `segments.recompute.{sqlite,postgres}.ratio`: how long a recompute of a third of all customers takes, in slices
 *   that let writers in between, over one `INSERT … SELECT` of the difference in hand-written SQL; `rssGrowthMb` is what
 *   the process grows by
 * - `ingest.withSegments.{sqlite,postgres}.ratio`: events per second in batches of 100 with 200 live segments, 10 of which
 *   hang on them, over the same without segments; nearly every event brings its customer into one of the ten
 * - `segments.onEvent.{sqlite,postgres}.p99`, `.burst.p99`: milliseconds from an event to the membership that it
 *   decides, alone and behind a burst of 5,000 events
 */
export const memberships: Family = {
  name: 'memberships',
  about: 'recomputes over a bare INSERT … SELECT, and ingestion with live segments',
  targets: {
    'segments.recompute.sqlite.ratio': { atMost: 1.5 },
    'segments.recompute.postgres.ratio': { atMost: 1.5 },
    'ingest.withSegments.sqlite.ratio': { atLeast: 0.4 },
    'ingest.withSegments.postgres.ratio': { atLeast: 0.4 },
  },
  async run(options) {
    return { ...(await onSqlite(options)), ...(await onPostgres(options)) }
  },
}

async function onSqlite(options: BenchOptions): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
  try {
    return await measure('sqlite', (name) => sqlite(join(folder, `${name}.db`)), options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onPostgres(options: BenchOptions): Promise<Figures> {
  const server = await startPostgres({ durable: true })
  try {
    return await measure('postgres', (name) => postgres({ url: server.url, schema: name }), options)
  } finally {
    await server.stop()
  }
}

async function measure(
  database: 'sqlite' | 'postgres',
  open: (name: string) => Storage,
  options: BenchOptions,
): Promise<Figures> {
  return {
    ...named(`segments.recompute.${database}`, await recomputes(database, open('recompute'), options)),
    ...(await ingestion(database, { bare: open('bare'), live: open('live') }, options)),
  }
}

function named(family: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${family}.${name}`, value]))
}

// `any`: the same steps with and without the plugin, whose API is then not there.
type AnyScope = { readonly ctx: any; readonly api: any }

async function start(storage: Storage, withSegments = true): Promise<Clientele> {
  const plugins = [customers(), inventory(), orders(), ...(withSegments ? [segments()] : [])]
  const keys = `bench:${Buffer.alloc(32, 7).toString('base64')}`
  const cdp = createClientele({ storage, logger: silentLogger(), keys, plugins })
  await cdp.start({ workers: false })
  return cdp
}

async function recomputes(
  database: 'sqlite' | 'postgres',
  storage: Storage,
  { small, log }: BenchOptions,
): Promise<Figures> {
  const cdp = await start(storage)
  const { ctx, api } = cdp.as() as unknown as AnyScope
  const size = small ? 60_000 : 1_000_000
  for (let made = 0; made < size; made += 2000) {
    const rows = Array.from({ length: 2000 }, (_, n) => ({ country: ['BR', 'PT', 'DE'][n % 3]! }))
    await (ctx as Ctx).tx((t) => t.repo(Customer).insertMany(rows))
  }
  await storage.analyze()
  const condition = { type: 'attribute', field: 'country', operator: 'is', value: 'BR' }
  const before = process.memoryUsage().rss
  const { id } = await api.segments.create({ body: { name: 'Brazil', condition } })
  await cdp.runJobs()
  const best = { ours: Infinity, bare: Infinity }
  let most = before
  for (let round = 0; round < (small ? 3 : 5); round++) {
    await clearMembers(storage)
    await api.segments.recompute({ params: { id } })
    const ours = await timed(() => cdp.runJobs())
    most = Math.max(most, process.memoryUsage().rss)
    await clearMembers(storage)
    const bare = await timed(() => bareRecompute(storage, database, id))
    best.ours = Math.min(best.ours, ours)
    best.bare = Math.min(best.bare, bare)
    log(
      `${database} recompute of ${Math.ceil(size / 3)} members: ${Math.round(ours)} ms, bare ${Math.round(bare)} ms`,
    )
  }
  await cdp.stop()
  return {
    ratio: round(best.ours / best.bare),
    rssGrowthMb: Math.round((most - before) / 2 ** 20),
  }
}

async function ingestion(
  database: 'sqlite' | 'postgres',
  { bare, live }: { readonly bare: Storage; readonly live: Storage },
  { small, log }: BenchOptions,
): Promise<Figures> {
  const [without, within] = [await start(bare, false), await start(live)]
  const { api } = within.as() as unknown as AnyScope
  for (let n = 0; n < 200; n++)
    await api.segments.create({ body: { name: `Segment ${n}`, condition: conditionOf(n) } })
  await within.runJobs()
  const batches = small ? 30 : 150
  // In all three rounds nine events a customer.
  const batchOf = batchesOf((batches * 100 * 3) / 9)
  const best = { without: 0, within: 0 }
  for (let round = 0; round < 3; round++) {
    for (const [name, cdp] of [
      ['without', without],
      ['within', within],
    ] as const) {
      const took = await timed(async () => {
        for (let n = 0; n < batches; n++) await ingest(cdp, batchOf(round * batches + n))
      })
      best[name] = Math.max(best[name], (batches * 100_000) / took)
      log(
        `${name === 'within' ? '200 segments' : 'none'}: ${Math.round((batches * 100_000) / took)} events/s`,
      )
    }
  }
  const alone = await latencies(within, small ? 200 : 1000)
  const burst = (async () => {
    for (let n = 0; n < 50; n++) await ingest(within, batchOf(batches * 3 + n))
  })()
  const behind = await latencies(within, small ? 50 : 200)
  await burst
  await without.stop()
  await within.stop()
  return {
    ...named(`ingest.withSegments.${database}`, {
      ratio: round(best.within / best.without),
      perSecond: Math.round(best.within),
    }),
    ...named(`segments.onEvent.${database}`, { p99: round(p99(alone)), 'burst.p99': round(p99(behind)) }),
  }
}

/** Ten that hang on the events of the batches, of them two with windows; 190 that do not. */
function conditionOf(n: number): Record<string, unknown> {
  if (n >= 10)
    return n % 2 === 0
      ? { type: 'trait', name: `trait ${n}`, operator: 'is', value: n }
      : { type: 'event', name: `Other ${n}`, count: { operator: 'gte', value: 2 } }
  const window = n < 2 ? { within: { last: { amount: 7 + n, unit: 'day' } } } : {}
  return { type: 'event', name: 'Product Viewed', count: { operator: 'gte', value: n + 1 }, ...window }
}

/** Batches whose events go to so many customers in turn. */
function batchesOf(customers: number): (number: number) => object[] {
  return (number) =>
    Array.from({ length: 100 }, (_, n) => ({
      type: 'track',
      event: 'Product Viewed',
      messageId: `${number}-${n}`,
      userId: `user ${((number * 100 + n) * 7919) % customers}`,
      properties: { sku: `SKU-${n}` },
    }))
}

async function ingest(cdp: Clientele, events: readonly object[]): Promise<void> {
  const { ctx, get } = cdp.as()
  const { accepted } = await get(Ingest).ingest(ctx, { events, sourceId: null })
  if (accepted !== events.length) throw new Error(`${accepted} of ${events.length} events were taken`)
}

async function latencies(cdp: Clientele, count: number): Promise<number[]> {
  const { ctx } = cdp.as()
  const times: number[] = []
  for (let n = 0; n < count; n++) {
    const identifiers = [{ type: 'userId', value: `user ${n % 2000}` }]
    // The membership is there when the event is: both are one commit.
    times.push(
      await timed(() =>
        ctx.tx((t) => t.get(CustomerEvents).track(t, { who: { identifiers }, name: 'Product Viewed' })),
      ),
    )
  }
  return times
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!
}
