import { systemContext } from '../context/system-context.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { fromTimestamp, toTimestamp } from '../ports/clock.ts'

/** How much work waits, over all tenants. */
export interface QueueState {
  /** By state: `waiting`, `ready`, `running`, `dead`. */
  readonly jobs: Readonly<Record<string, number>>
  /** How long the oldest ready job has been ready to run; 0 when there is none. */
  readonly oldestReadyMs: number
  readonly schedules: {
    /** Of the installed plugins, one for each tenant. */
    readonly known: number
    readonly overdue: number
    /** How long the most overdue one has been due; 0 when none is. */
    readonly lagMs: number
  }
}

/** Counted at most so often: it goes through the whole table of jobs, off the main thread. */
const FRESH_FOR = 5000

/** Answers how the queue stands, as it was at most five seconds ago. */
export function queueStateOf(runtime: Runtime): () => Promise<QueueState> {
  let readAt = Number.NEGATIVE_INFINITY
  let last: Promise<QueueState> | undefined
  return () => {
    if (last && performance.now() - readAt < FRESH_FOR) return last
    readAt = performance.now()
    const reading = readState(runtime)
    last = reading
    reading.catch(() => {
      if (last === reading) last = undefined
    })
    return reading
  }
}

async function readState(runtime: Runtime): Promise<QueueState> {
  const ctx = systemContext(runtime, AbortSignal.timeout(10_000))
  const now = runtime.clock.now()
  const rows = (await ctx.population.run(
    ctx.db
      .selectFrom('jobs')
      .select(({ fn }) => ['state', fn.countAll<number>().as('count'), fn.min('runAt').as('oldest')])
      .groupBy('state'),
  )) as { state: string; count: number; oldest: string }[]
  const oldest = rows.find(({ state }) => state === 'ready')?.oldest
  const none = { waiting: 0, ready: 0, running: 0, dead: 0 }
  return {
    jobs: { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) },
    oldestReadyMs: oldest ? Math.max(0, now - fromTimestamp(oldest)) : 0,
    schedules: await readSchedules(runtime, ctx.db, now),
  }
}

async function readSchedules(
  { registry }: Runtime,
  // `any`: the table is the core's own, of no plugin's types.
  db: ReturnType<Runtime['context']>['db'],
  now: number,
): Promise<QueueState['schedules']> {
  const names = [...registry.schedules.keys()]
  if (names.length === 0) return { known: 0, overdue: 0, lagMs: 0 }
  // Those of plugins that are gone are due for ever.
  const rows = (await db
    .selectFrom('schedules')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('nextRunAt').as('first')])
    .where('name', 'in', names)
    .execute()) as { count: number; first: string | null }[]
  const overdue = (await db
    .selectFrom('schedules')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('name', 'in', names)
    .where('nextRunAt', '<=', toTimestamp(now))
    .execute()) as { count: number }[]
  const first = rows[0]?.first
  return {
    known: rows[0]?.count ?? 0,
    overdue: overdue[0]?.count ?? 0,
    lagMs: first ? Math.max(0, now - fromTimestamp(first)) : 0,
  }
}
