import { writeSync } from 'node:fs'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, isClienteleError, silentLogger, type Clientele } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { Segment, segments, Segments } from '@clientele/plugin-segments'
import { seededRandom, type SeededRandom, type SharedDatabase } from '@clientele/testing'
import { happen, stillRule, timedCondition } from './world.fixture.ts'

/** What a process that writes is told; passed as JSON. */
export interface WriterOptions {
  readonly database: SharedDatabase
  readonly seed: number
  readonly ids: readonly string[]
  /** Transactions at once. */
  readonly writers: number
  /** What each writer gets done. */
  readonly writes: number
  /** What is made of segments meanwhile, at least. */
  readonly definitions: number
  /** It goes on for as long, also when all of that is done. @default 0 */
  readonly seconds?: number
}

/** What it did. */
export interface WriterReport {
  readonly writes: number
  readonly definitions: number
  /** Transactions that the database gave up after three attempts. */
  readonly refused: number
}

export function segmentsInstance({ database }: Pick<WriterOptions, 'database'>, room = 8) {
  return createClientele({
    storage: 'sqlite' in database ? sqlite(database.sqlite) : postgres({ ...database, max: room }),
    keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    // What a killed process held is taken soon.
    jobs: { leaseMs: 2000, heartbeatMs: 500, pollMs: 200 },
    plugins: [customers(), inventory(), orders(), segments()],
  })
}

/** Deadlock, serialization, and on a busy machine a lock or a connection that nobody got in time. */
const GIVEN_UP: ReadonlySet<unknown> = new Set(['40P01', '40001', 'storage.busy', 'storage.unavailable'])

// As a program: writes facts and definitions as fast as it can, works on jobs meanwhile, and says what it did.
if (process.argv[1] === import.meta.filename) {
  const options = JSON.parse(process.argv[2]!) as WriterOptions
  const cdp = segmentsInstance(options)
  await cdp.start()
  const until = performance.now() + (options.seconds ?? 0) * 1000
  const report = { writes: 0, definitions: 0, refused: 0 }
  const random = seededRandom(options.seed)
  let writing = options.writers
  const writers = Array.from({ length: options.writers }, async () => {
    await writeFacts(cdp, random, { ...options, until }, report)
    writing--
  })
  const isOver = (): boolean => writing === 0 && report.definitions >= options.definitions
  await Promise.all([...writers, writeDefinitions(cdp, random, isOver, report)])
  writeSync(1, JSON.stringify(report))
  await cdp.stop({ graceMs: 2000 })
}

type Report = { -readonly [K in keyof WriterReport]: WriterReport[K] }

async function writeFacts(
  cdp: Clientele<any>,
  random: SeededRandom,
  {
    ids,
    writes,
    until,
  }: { readonly ids: readonly string[]; readonly writes: number; readonly until: number },
  report: Report,
): Promise<void> {
  const { ctx } = cdp.as()
  const own = [...ids]
  let done = 0
  while (done < writes || performance.now() < until) {
    const isDone = await counted(report, 'writes', () =>
      ctx.tx(async (t) => {
        if (random.number() < 0.1) {
          const made = await t.repo(Customer).insert({ country: random.pick(['BR', 'PT', null]) })
          own.push(made.id)
        }
        // Several customers a transaction, in any order: what deadlocks is run again.
        for (let n = 0; n < 1 + Math.floor(random.number() * 3); n++) await happen(t, random, own)
      }),
    )
    if (isDone) done++
  }
}

async function writeDefinitions(
  cdp: Clientele<any>,
  random: SeededRandom,
  isOver: () => boolean,
  report: Report,
): Promise<void> {
  const { ctx } = cdp.as()
  const names = random.number().toString(36).slice(2)
  for (let n = 0; !isOver(); n++) {
    await counted(report, 'definitions', () =>
      ctx.tx(async (t) => {
        const service = t.get(Segments)
        const { items } = await t.repo(Segment).list({ filters: [], sort: [], limit: 50 })
        const condition =
          random.number() < 0.5 ? timedCondition(random) : (stillRule(random) as Record<string, unknown>)
        const kind = items.length < 8 ? 'create' : random.pick(['create', 'edit', 'edit', 'remove'])
        const one = random.pick(items.length > 0 ? items : [null])
        if (kind === 'create' || !one) return service.create(t, { name: `${names} ${n}`, condition })
        if (kind === 'edit') return service.update(t, one.id, { condition })
        return service.remove(t, one.id)
      }),
    )
    await new Promise((resolve) => setTimeout(resolve, 150 + random.number() * 300))
  }
}

/** Answers whether it was done; what the database gave up is not. */
async function counted(
  report: Report,
  what: 'writes' | 'definitions',
  work: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work()
    report[what] += 1
    return true
  } catch (error) {
    const gone = isClienteleError(error) && error.status === 404
    const again = (error as { code?: unknown }).code
    if (!gone && !GIVEN_UP.has(again)) throw error
    report.refused += 1
    return false
  }
}
