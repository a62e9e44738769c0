import type { MigrationStatus } from '../migration/migrator.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { liveCheck } from '../live/live-check.ts'
import { createMigrator } from '../migration/migrator.ts'
import { toTimestamp, type Timestamp } from '../ports/clock.ts'
import { wallTime } from '../ports/wall-time.ts'
import type { StorageDetails } from '../storage/storage.ts'
import { CORE_VERSION } from '../version.ts'
import { fail, overall, type Check, type CheckStatus } from './check.ts'
import { eventLoopDelay } from './event-loop.ts'
import { filesCheck } from './files-check.ts'
import { queueStateOf, type QueueState } from './queue-state.ts'
import { clockCheck, databaseCheck, migrationsCheck, queueChecks } from './state-checks.ts'
import { storageChecks } from './storage-checks.ts'

/** How an instance is, for whoever runs it. Nothing in it is of one tenant, personal or secret. */
export interface Health {
  /** The worst of `checks`. */
  readonly status: CheckStatus
  readonly at: Timestamp
  readonly checks: readonly Check[]
  readonly core: { readonly version: string; readonly tenancy: 'single' | 'multi' }
  /** Null when the database does not answer. */
  readonly database: (Partial<StorageDetails> & { latencyMs: number; clockSkewMs: number }) | null
  readonly migrations: ({ readonly applied: number } & Pick<MigrationStatus, 'pending' | 'orphans'>) | null
  readonly plugins: readonly { readonly id: string; readonly version: string }[]
  readonly queue: QueueState | null
  readonly process: {
    readonly node: string
    readonly uptimeSeconds: number
    readonly residentBytes: number
    readonly heapBytes: number
    /** Since it was last read; zeros the first time. */
    readonly eventLoopDelayMs: { readonly mean: number; readonly p99: number; readonly max: number }
  }
}

/** Looks at everything an instance needs; what cannot be looked at is a failed check and null. */
export function healthReader(runtime: Runtime): () => Promise<Health> {
  const queue = queueStateOf(runtime)
  const migrator = createMigrator(runtime)
  return async () => {
    const checks: Check[] = []
    const look = async <T>(
      name: string,
      read: () => Promise<T>,
      judge: (found: T) => Check[],
    ): Promise<T | null> => {
      try {
        const found = await read()
        checks.push(...judge(found))
        return found
      } catch (err) {
        runtime.logger.error({ err, check: name }, 'a part of the instance could not be looked at')
        checks.push(fail(name, 'It could not be looked at', 'The log has the error'))
        return null
      }
    }
    const database = await look('database', () => readDatabase(runtime), judgeDatabase)
    const migrations =
      database &&
      (await look(
        'migrations',
        () => migrator.status(),
        (status) => [migrationsCheck(status)],
      ))
    const state = migrations?.pending.length === 0 ? await look('queue', queue, queueChecks) : null
    if (state)
      await look(
        'live updates',
        () => runtime.live.health(),
        (live) => [liveCheck(live, runtime.clock.now())],
      )
    await look(
      'files',
      () => filesCheck(runtime.storage.fileFolder),
      (check) => [check],
    )
    return {
      status: overall(checks),
      at: toTimestamp(runtime.clock.now()),
      checks,
      core: { version: CORE_VERSION, tenancy: runtime.mode },
      database,
      migrations: migrations && {
        applied: migrations.applied.length,
        pending: migrations.pending,
        orphans: migrations.orphans,
      },
      plugins: runtime.registry.plugins.map(({ id, plugin }) => ({ id, version: plugin.version })),
      queue: state,
      process: processState(),
    }
  }
}

type Database = NonNullable<Health['database']>

async function readDatabase({ storage }: Runtime): Promise<Database> {
  const startedAt = performance.now()
  await storage.health()
  const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10
  const before = wallTime()
  const theirs = await storage.now()
  const clockSkewMs = Math.round((before + wallTime()) / 2) - theirs
  return { latencyMs, clockSkewMs, ...(await storage.details?.()) }
}

function judgeDatabase({ latencyMs, clockSkewMs, ...details }: Database): Check[] {
  return [
    databaseCheck(latencyMs),
    ...(details.engine === undefined ? [] : storageChecks(details as StorageDetails)),
    clockCheck(clockSkewMs),
  ]
}

function processState(): Health['process'] {
  const { rss, heapUsed } = process.memoryUsage()
  const { mean, p99, max } = eventLoopDelay()
  const ms = (seconds: number): number => Math.round(seconds * 10_000) / 10
  return {
    node: process.version,
    uptimeSeconds: Math.round(process.uptime()),
    residentBytes: rss,
    heapBytes: heapUsed,
    eventLoopDelayMs: { mean: ms(mean), p99: ms(p99), max: ms(max) },
  }
}
