import type { EnqueueOptions } from '../context/context.ts'
import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import { fromTimestamp, toTimestamp, type Timestamp } from '../ports/clock.ts'
import type { Parameter, Value } from '../sql/system-statements.ts'
import { jobStatements, type RunJobStatement } from './job-statements.ts'

/** A job to be added, its input checked. */
export interface NewJob {
  readonly name: string
  readonly input: unknown
  readonly attempts: number
  readonly causationId: string | null
  readonly depth: number
  /** The instant of the schedule that it stands for. */
  readonly scheduledFor?: Timestamp
  readonly options: EnqueueOptions
}

/** Whose jobs they are, and the transaction they are added in. */
export type JobOwner = Pick<InternalTx, 'tenantId' | 'actor' | 'origin' | 'trace' | 'connection'>

/**
 * Adds jobs through the transaction and answers their ids in order; where one has a living duplicate, the
 * duplicate's.
 */
export async function addJobs(runtime: Runtime, t: JobOwner, jobs: readonly NewJob[]): Promise<string[]> {
  const nowMs = runtime.clock.now()
  const now = runtime.storage.sql.encode('timestamp', toTimestamp(nowMs))
  const rows = jobs.map((job) => rowOf(runtime, t, job, { nowMs, now }))
  const run = jobStatements(runtime, t.connection)
  const plain = rows.filter((row) => row.dedupeKey === null)
  if (plain.length === 1) await addOne(run, plain[0]!)
  else if (plain.length > 1) await addMany(runtime, t, plain)
  const ids: string[] = []
  for (const row of rows) ids.push(row.dedupeKey === null ? row.id : await addOnce(run, row))
  return ids
}

type JobRow = ReturnType<typeof rowOf>

/** @param now encoded: a value that is encoded stays as it is, and instants are costly to read from text. */
function rowOf(
  runtime: Runtime,
  t: JobOwner,
  { name, input, attempts, causationId, depth, scheduledFor, options }: NewJob,
  { nowMs, now }: { readonly nowMs: number; readonly now: unknown },
) {
  const { runAt = null } = options
  const due = runAt === null || fromTimestamp(runAt) <= nowMs
  return {
    id: runtime.ids.next(),
    tenantId: t.tenantId,
    name,
    input,
    state: due ? 'ready' : 'waiting',
    rank: -(options.priority ?? 0),
    runAt: runAt ?? now,
    attempt: 0,
    maxAttempts: attempts,
    dedupeKey: options.dedupeKey ?? null,
    actorKind: t.actor.kind,
    actorId: t.actor.id,
    origin: t.origin,
    correlationId: t.trace.correlationId,
    causationId,
    depth,
    scheduledFor: scheduledFor ?? null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

async function addOne(run: RunJobStatement, row: JobRow): Promise<void> {
  await run('add', (db, p) => db.insertInto('jobs').values(asParameters(row, p)), row)
}

async function addMany({ registry, storage }: Runtime, t: JobOwner, rows: readonly JobRow[]): Promise<void> {
  const { physicalName, columns } = registry.entities.get('jobs')!
  const written = [...columns.values()].filter(({ property }) => property in rows[0]!)
  const encoded = rows.map((row) =>
    written.map(({ property, type }) => storage.sql.encode(type, row[property as keyof JobRow])),
  )
  await t.connection.insertRows(physicalName, written, encoded)
}

async function addOnce(run: RunJobStatement, row: JobRow): Promise<string> {
  for (;;) {
    const [added] = await run(
      'addOnce',
      (db, p) =>
        db
          .insertInto('jobs')
          .values(asParameters(row, p))
          .onConflict((conflict) => conflict.doNothing())
          .returning('id'),
      row,
    )
    if (added) return added.id
    const [living] = await run(
      'living',
      (db, p) =>
        db
          .selectFrom('jobs')
          .select('id')
          // tenant-site: jobs.dedupe
          .where('tenantId', '=', p('tenantId'))
          .where('name', '=', p('name'))
          .where('dedupeKey', '=', p('dedupeKey'))
          .where('state', '<>', 'dead'),
      row,
    )
    // It may be done and gone by now; then there is room for a new one.
    if (living) return living.id
  }
}

function asParameters(row: JobRow, p: Parameter): Value {
  const { attempt, version, ...varying } = row
  return { ...Object.fromEntries(Object.keys(varying).map((name) => [name, p(name)])), attempt, version }
}
