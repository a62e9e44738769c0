import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger } from '@clientele/core'
import { CustomerEvents, customers } from '@clientele/plugin-customers'
import { startPostgres } from '@clientele/testing/embedded-postgres'
import type { BareEvent } from './ingest/bare-event.ts'
import type { BenchOptions, Family, Figures } from './lib/family.ts'
import { answer } from './lib/built-process.ts'
import { load, wireRequest } from './lib/load.ts'
import { seededRandom } from './lib/random.ts'
import { median, round } from './lib/statistics.ts'

const BATCH = 100
const PEOPLE = 5000
const CONNECTIONS = 4
/** Clients that identify at once. */
const CLIENTS = 32

/**
 * `ingest.{sqlite,postgres}.ratio`: events per second over HTTP in batches of 100, each batch one durable transaction,
 * over a hand-written server that does the same work on the same tables; measured in turn, median of the pairs.
 * `ingest.{sqlite,postgres}.identifies`: single `identify` calls per second of many clients at once, each answered when it
 * is durable. `track.inProcess.p99`: milliseconds of one `track` in a transaction of its own.
 */
export const ingest: Family = {
  name: 'ingest',
  about: 'events per second over a hand-written server',
  targets: { 'ingest.sqlite.ratio': { atLeast: 0.35 }, 'ingest.postgres.ratio': { atLeast: 0.35 } },
  async run(options) {
    const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
    try {
      return {
        ...(await onSqlite(folder, options)),
        ...(await onPostgres(options)),
        ...(await inProcess(folder, options)),
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

interface Server {
  readonly port: number
  readonly writeKey: string
  stop(): void
}

async function onSqlite(folder: string, options: BenchOptions): Promise<Figures> {
  const bareFile = join(folder, 'bare.db')
  // Makes the tables.
  ;(await start('server-clientele.ts', ['sqlite', bareFile])).stop()
  const ours = await start('server-clientele.ts', ['sqlite', join(folder, 'ours.db')])
  const bare = await start('server-bare-sqlite.ts', ['sqlite', bareFile])
  return compare('sqlite', { ours, bare }, options)
}

async function onPostgres(options: BenchOptions): Promise<Figures> {
  const servers = [await startPostgres({ durable: true }), await startPostgres({ durable: true })] as const
  try {
    ;(await start('server-clientele.ts', ['postgres', servers[1].url])).stop()
    const ours = await start('server-clientele.ts', ['postgres', servers[0].url])
    const bare = await start('server-bare-postgres.ts', ['postgres', servers[1].url])
    return await compare('postgres', { ours, bare }, options)
  } finally {
    for (const server of servers) await server.stop()
  }
}

async function compare(
  database: string,
  { ours, bare }: { readonly ours: Server; readonly bare: Server },
  { small, log }: BenchOptions,
): Promise<Figures> {
  const { pairs, ms } = small ? { pairs: 3, ms: 700 } : { pairs: 7, ms: 3000 }
  try {
    const feed = feeder()
    await measure(ours, feed, ms)
    await measure(bare, feed, ms)
    const ratios: number[] = []
    const rates: number[] = []
    for (let pair = 0; pair < pairs; pair++) {
      const rate = await measure(ours, feed, ms)
      const bareRate = await measure(bare, feed, ms)
      log(`${database} events/s: ${Math.round(rate)} / ${Math.round(bareRate)}`)
      ratios.push(rate / bareRate)
      rates.push(rate)
    }
    const identifies = await measureIdentifies(ours, ms)
    log(`${database} identifies/s: ${Math.round(identifies)}`)
    return {
      [`ingest.${database}.ratio`]: round(median(ratios)),
      [`ingest.${database}.perSecond`]: Math.round(median(rates)),
      [`ingest.${database}.identifies`]: Math.round(identifies),
    }
  } finally {
    ours.stop()
    bare.stop()
  }
}

async function measure({ port, writeKey }: Server, feed: () => BareEvent[], ms: number): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  const { requests, seconds, wrong } = await load({
    port,
    connections: CONNECTIONS,
    durationMs: ms,
    expectedStatus: 200,
    request: () => wireRequest('POST', '/v1/batch', { authorization }, JSON.stringify({ batch: feed() })),
  })
  if (wrong > 0) throw new Error(`${wrong} of ${requests} batches were not answered 200`)
  return (requests * BATCH) / seconds
}

/** What servers send that identify with every sign-in: one call a person, half of them known. */
async function measureIdentifies({ port, writeKey }: Server, ms: number): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  const random = seededRandom(11)
  let made = 0
  const { perSecond, requests, wrong } = await load({
    port,
    connections: CLIENTS,
    durationMs: ms,
    expectedStatus: 200,
    request() {
      const person = Math.floor(random.number() * 2 * PEOPLE)
      const traits = { email: `person${person}@example.com`, plan: ++made % 10 === 0 ? 'pro' : 'free' }
      const event = { messageId: `i-${made}`, userId: `user-${person}`, traits, context: CONTEXT }
      return wireRequest('POST', '/v1/identify', { authorization }, JSON.stringify(event))
    },
  })
  if (wrong > 0) throw new Error(`${wrong} of ${requests} identifies were not answered 200`)
  return perSecond
}

/** Batches of a shop's traffic: nine views to one identify, everybody once as a stranger before they are known. */
function feeder(): () => BareEvent[] {
  const random = seededRandom(7)
  let made = 0
  return () => {
    const timestamp = new Date().toISOString()
    return Array.from({ length: BATCH }, (): BareEvent => {
      made++
      const person = Math.floor(random.number() * PEOPLE)
      const common = {
        messageId: `m-${made}`,
        anonymousId: `anonymous-${person}`,
        timestamp,
        context: CONTEXT,
      }
      if (made % 10 === 0) {
        const traits = { email: `person${person}@example.com`, plan: made % 100 === 0 ? 'pro' : 'free' }
        return { ...common, type: 'identify', userId: `user-${person}`, traits }
      }
      const properties = { sku: `sku-${made % 50}`, price: 10.5, category: 'shoes' }
      return { ...common, type: 'track', event: 'Product Viewed', properties }
    })
  }
}

const CONTEXT = { page: { url: 'https://shop.example/p/1' }, library: { name: 'bench', version: '1.0.0' } }

async function inProcess(folder: string, { small, log }: BenchOptions): Promise<Figures> {
  const cdp = createClientele({
    storage: sqlite(join(folder, 'in-process.db')),
    plugins: [customers()],
    logger: silentLogger(),
  })
  await cdp.start({ workers: false })
  const times: number[] = []
  for (let n = 0; n < (small ? 1000 : 10_000); n++) {
    const began = performance.now()
    await cdp.as().tx((t) =>
      t.get(CustomerEvents).track(t, {
        who: { identifiers: [{ type: 'userId', value: `user-${n % PEOPLE}` }] },
        name: 'Product Viewed',
        properties: { sku: 'sku-1' },
      }),
    )
    times.push(performance.now() - began)
  }
  await cdp.stop()
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!
  log(`track in process: p99 ${p99.toFixed(2)} ms`)
  return { 'track.inProcess.p99': round(p99) }
}

async function start(file: string, args: readonly string[]): Promise<Server> {
  const child = fork(new URL(`ingest/${file}`, import.meta.url), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const told = await answer<{ port: number; writeKey: string }>(child)
  return { ...told, stop: () => void child.kill() }
}
