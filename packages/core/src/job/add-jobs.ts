import type { EnqueueOptions } from '../context/context.ts'
import type { InternalTx, Runtime } from '../kernel/runtime.ts'
import { fromTimestamp } from '../ports/clock.ts'
import type { JobsDb } from './job.entity.ts'

/** A job to be added, its input checked. */
export interface NewJob {
  readonly name: string
  readonly input: unknown
  readonly attempts: number
  readonly causationId: string | null
  readonly depth: number
  readonly options: EnqueueOptions
}

/** Rows in one statement. */
const CHUNK = 200

/**
 * Adds jobs through the transaction and answers their ids in order; where one has a living duplicate, the
 * duplicate's.
 */
export async function addJobs(runtime: Runtime, t: InternalTx, jobs: readonly NewJob[]): Promise<string[]> {
  const rows = jobs.map((job) => rowOf(runtime, t, job))
  const db = t.system as JobsDb
  const plain = rows.filter((row) => row.dedupeKey === null)
  for (let from = 0; from < plain.length; from += CHUNK) {
    await db.insertInto('jobs').values(plain.slice(from, from + CHUNK)).execute()
  }
  const ids: string[] = []
  for (const row of rows) ids.push(row.dedupeKey === null ? row.id : await addOnce(db, row))
  return ids
}

type JobRow = ReturnType<typeof rowOf>

// The explicit shape of a row: every insert has the same columns, so that it is one prepared statement.
function rowOf(runtime: Runtime, t: InternalTx, { name, input, attempts, causationId, depth, options }: NewJob) {
  const now = t.now()
  const runAt = options.runAt ?? now
  return {
    id: runtime.ids.next(),
    tenantId: t.tenantId,
    name,
    // `any`: zod has seen that it is JSON.
    input: input as any,
    state: fromTimestamp(runAt) <= fromTimestamp(now) ? ('ready' as const) : ('waiting' as const),
    rank: -(options.priority ?? 0),
    runAt,
    attempt: 0,
    maxAttempts: attempts,
    dedupeKey: options.dedupeKey ?? null,
    actorKind: t.actor.kind,
    actorId: t.actor.id,
    origin: t.origin,
    correlationId: t.trace.correlationId,
    causationId,
    depth,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

async function addOnce(db: JobsDb, row: JobRow): Promise<string> {
  for (;;) {
    const added = await db.insertInto('jobs').values(row).onConflict((c) => c.doNothing()).returning('id').executeTakeFirst()
    if (added) return added.id
    const living = await db
      .selectFrom('jobs')
      .select('id')
      .where('tenantId', '=', row.tenantId)
      .where('name', '=', row.name)
      .where('dedupeKey', '=', row.dedupeKey)
      .where('state', '<>', 'dead')
      .executeTakeFirst()
    // It may be done and gone by now; then there is room for a new one.
    if (living) return living.id
  }
}
