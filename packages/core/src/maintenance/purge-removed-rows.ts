import type { Kysely } from 'kysely'
import { isRecorded, record } from '../change/record.ts'
import type { Ctx, Tx } from '../context/context.ts'
import { cascadedRows, removes } from '../entity/cascade.ts'
import { UNDO_MS, type WriterTx } from '../entity/entity-writer.ts'
import { slicesById, slicesOf } from '../entity/slices.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { fromTimestamp, toTimestamp, type Timestamp } from '../ports/clock.ts'

/** Rows deleted in one transaction: few, as each may have many that hang on it. */
const SLICE = 20
/** Ids looked up at once. */
const PAGE = 1000

/**
 * Deletes the tenant's rows whose removal can no longer be undone, and answers how many. They were told as removed when
 * they were hidden; what the database removes along with them is told now. A row that another one still refers to
 * stays, and is tried again the next time.
 */
export async function purgeRemovedRows(ctx: Ctx, runtime: Runtime): Promise<number> {
  const before = toTimestamp(fromTimestamp(ctx.now()) - UNDO_MS)
  // Plugins come in dependency order, so what refers to others comes last and goes first.
  const entities = [...runtime.registry.entities.values()].toReversed()
  let purged = 0
  for (const registered of entities) {
    if (registered.softDelete && registered.tenancy === 'tenant')
      purged += await purgeEntity({ ctx, runtime, registered, before })
  }
  return purged
}

interface Purge {
  readonly ctx: Ctx
  readonly runtime: Runtime
  readonly registered: RegisteredEntity
  readonly before: Timestamp
}

async function purgeEntity(purge: Purge): Promise<number> {
  const { ctx, registered } = purge
  let purged = 0
  let refused = 0
  for await (const ids of removedBefore(purge)) {
    for (const slice of slicesOf(ids, SLICE)) {
      ctx.signal.throwIfAborted()
      const gone = await purgeSlice(purge, slice)
      purged += gone
      refused += slice.length - gone
    }
  }
  if (refused > 0) {
    const fields = { entity: registered.entity.name, rows: refused }
    ctx.log.warn(fields, 'removed rows were kept because other rows still refer to them')
  }
  return purged
}

/** On the population lane: nothing leads to them but a look at the whole table. */
async function* removedBefore({ ctx, registered, before }: Purge): AsyncGenerator<readonly string[]> {
  const db: Kysely<any> = ctx.dbWithRemoved
  const query = db.selectFrom(registered.entity.name).select('id').where('deletedAt', '<', before)
  const pages = slicesById<{ id: string }>(query, PAGE, (page) => ctx.population.run(page))
  for await (const rows of pages) yield rows.map(({ id }) => id)
}

async function purgeSlice(purge: Purge, ids: readonly string[]): Promise<number> {
  try {
    return await purge.ctx.tx((t) => deleteRows(purge, t, ids))
  } catch (error) {
    if (purge.runtime.storage.constraintOf(error)?.kind !== 'foreignKey') throw error
    if (ids.length === 1) return 0
    let gone = 0
    for (const id of ids) gone += await purgeSlice(purge, [id])
    return gone
  }
}

async function deleteRows(
  { runtime, registered, before }: Purge,
  t: Tx,
  ids: readonly string[],
): Promise<number> {
  const writer = t as WriterTx
  const db = writer.withRemoved
  const isTold = removes(
    runtime.registry,
    registered,
    (one) => one !== registered && isRecorded(runtime, one),
  )
  const along = isTold ? await cascadedRows({ registry: runtime.registry, db }, registered, ids) : []
  const gone = await db
    .deleteFrom(registered.entity.name)
    .where('id', 'in', ids)
    // Somebody may have restored it meanwhile.
    .where('deletedAt', '<', before)
    .returning('id')
    .execute()
  if (gone.length < ids.length) {
    const left = await db.selectFrom(registered.entity.name).select('id').where('id', 'in', ids).execute()
    if (left.length > 0 && along.length > 0) throw new RestoredMeanwhile()
  }
  for (const { registered: child, rows } of along) {
    const removed = rows.map((row) => ({ id: row['id'] as string, before: row, after: null }))
    await record(writer, runtime, { kind: 'remove', registered: child, rows: removed })
  }
  return gone.length
}

/** What was told about other rows would be wrong; the next run sees it right. */
class RestoredMeanwhile extends Error {
  override readonly name = 'RestoredMeanwhile'

  constructor() {
    super('A removed row was restored while it was purged; the next run goes on')
  }
}
