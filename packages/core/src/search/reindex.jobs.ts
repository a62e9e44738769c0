import type { Kysely, SelectQueryBuilder } from 'kysely'
import * as z from 'zod'
import type { Values } from '../entity/row-shape.ts'
import { defineJob, handleJob, type JobCtx } from '../job/job.ts'
import { runtimeOf, type InternalTx, type Runtime } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { IndexedRow } from './search-documents.ts'
import { searchIndex } from './search-index.ts'
import { indexedRow } from './search-recorder.ts'
import { saveState } from './search-states.ts'
import { fingerprintOf, searchableColumns } from './searchable.ts'

/** Rows and words that one transaction indexes at most: on SQLite it has the main thread and the write lock. */
const SLICE = { rows: 500, words: 10_000 }

/** From so many rows on the planner's statistics are worth gathering anew. */
const MANY_ROWS = 1000

/**
 * Indexes all rows of an entity anew, of every tenant. It starts by itself when the searchable columns have changed;
 * start it yourself after writing such columns past the repo (`t.projection`, a bulk load of the database's own).
 *
 * @example
 * await cdp.as().tx((t) => t.enqueue(SearchReindex, { entity: 'customers' }))
 */
export const SearchReindex = defineJob('search.reindex', z.object({ entity: z.string() }), {
  concurrency: 1,
  timeoutMs: 24 * 3_600_000,
})

export const searchReindex = handleJob(SearchReindex, async ({ entity }, ctx) => {
  const runtime = runtimeOf(ctx)
  const registered = runtime.registry.entities.get(entity)
  const fingerprint = registered && fingerprintOf(registered)
  // Its plugin went away, or searches in it no more, since the job was made.
  if (!fingerprint) return
  const total = await countRows(runtime, ctx, registered)
  let done = 0
  let after: Values | undefined
  do {
    await ctx.progress(done, total)
    const slice = await ctx.tx((t) => indexSlice(t as InternalTx, registered, after))
    done += slice.rows
    after = slice.last
  } while (after)
  await ctx.tx((t) => saveState(t as InternalTx, entity, fingerprint))
  await ctx.progress(done, total)
  if (done >= MANY_ROWS) await runtime.storage.analyze()
})

async function indexSlice(
  t: InternalTx,
  registered: RegisteredEntity,
  after: Values | undefined,
): Promise<{ readonly rows: number; readonly last: Values | undefined }> {
  const rows = await nextRows(t, registered, after)
  let words = 0
  let taken = 0
  const byTenant = new Map<string, IndexedRow[]>()
  for (const row of rows) {
    if (words >= SLICE.words) break
    const tenantId = row['tenantId'] as string
    const indexed = indexedRow(tenantId, registered, row)
    if (!byTenant.has(tenantId)) byTenant.set(tenantId, [])
    byTenant.get(tenantId)!.push(indexed)
    words += indexed.words.length
    taken++
  }
  const { connection, runtime } = t
  for (const [tenantId, indexed] of byTenant)
    await searchIndex(runtime).put({ tenantId, connection, runtime }, registered.entity.name, indexed)
  return { rows: taken, last: rows[taken - 1] }
}

/** Locked, so that what is indexed is what a writer beside us leaves. */
async function nextRows(
  t: InternalTx,
  registered: RegisteredEntity,
  after: Values | undefined,
): Promise<Values[]> {
  const { connection, runtime } = t
  const { name } = registered.entity
  const db = runtime.sql.kysely(SYSTEM, { use: async (run) => run(connection) })
  let query: Select = db
    .selectFrom(name)
    .select(['tenantId', 'id', ...searchableColumns(registered)])
    .orderBy('tenantId')
    .orderBy('id')
    .limit(SLICE.rows)
  if (after) {
    query = query.where((eb) =>
      eb.and([
        eb('tenantId', '>=', after['tenantId']),
        eb.or([eb('tenantId', '>', after['tenantId']), eb('id', '>', after['id'])]),
      ]),
    )
  }
  return (runtime.storage.capabilities.rowLocks ? query.forUpdate() : query).execute()
}

async function countRows(runtime: Runtime, ctx: JobCtx, { entity }: RegisteredEntity): Promise<number> {
  const db: Kysely<any> = runtime.sql.kysely(SYSTEM, NOWHERE)
  const query = db.selectFrom(entity.name).select((eb) => eb.fn.countAll<number>().as('total'))
  const { tenantId, signal } = ctx
  const { rows } = await runtime.storage.population({ tenantId }, runtime.sql.statementOf(query), signal)
  return Number(rows[0]!['total'])
}

// `any`: the tables are those of whatever entity is indexed.
type Select = SelectQueryBuilder<any, any, any>

const SYSTEM = { tenantId: null, writes: 'allow', removed: 'hide' } as const
const NOWHERE = { use: () => Promise.reject(new Error('this handle only builds queries')) }
