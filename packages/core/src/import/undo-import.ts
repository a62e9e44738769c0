import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../context/context.ts'
import { cascadedRows } from '../entity/cascade.ts'
import { BATCH } from '../entity/entity-reader.ts'
import type { WriterTx } from '../entity/entity-writer.ts'
import type { Values } from '../entity/row-shape.ts'
import { Files } from '../files/files.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import type { JobCtx } from '../job/job.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import { thrownText } from '../ports/loggable.ts'
import { deleteRows } from '../subject/write-rows.ts'
import { keptFile } from './error-file.ts'
import { unpackIds } from './ids.ts'
import {
  Import,
  ImportSlice,
  type ImportRow,
  type ImportSliceRow,
  type KeptRow,
  type PatchedRow,
} from './import.entity.ts'
import { LAST_ATTEMPT } from './run-import.ts'
import { isAboutRow } from './write-rows.ts'

/** The versions that the undo itself left of rows which the import may have made. */
type Restored = Map<string, number>

/**
 * Takes an import back, its last slice first: rows it made are removed for good, columns it changed are set back. What
 * was changed since is kept, and told. What fails to the last attempt can be undone further.
 */
export async function undoImport(ctx: JobCtx, id: string): Promise<void> {
  const found = await ctx.repo(Import).find(id)
  if (found?.state !== 'undoing') return
  try {
    await undoAll(ctx, found)
  } catch (error) {
    if (ctx.signal.aborted || ctx.attempt < LAST_ATTEMPT) throw error
    const message = `It could not be undone as a whole: ${thrownText(error)}`.slice(0, 2000).toWellFormed()
    await ctx.tx((t) => t.repo(Import).patch(id, { state: 'failed', message }))
  }
}

async function undoAll(ctx: JobCtx, found: ImportRow): Promise<void> {
  const { id } = found
  const crud = runtimeOf(ctx).registry.crud.get(found.entity)
  if (!crud) throw new TypeError(`No installed plugin has "${found.entity}" any more`)
  const restored = await restoredSoFar(ctx, id)
  for (;;) {
    ctx.signal.throwIfAborted()
    const more = await ctx.tx((t) => undoLast(t, { id, registered: crud.entity, restored }))
    if (!more) break
    await ctx.progress(more.undone + more.kept, more.inserted + more.updated)
  }
  const { kept, fileName } = await ctx.repo(Import).get(id)
  const name = `${fileName.replace(/\.csv$/i, '')}-kept.csv`
  const file = { name, contentType: 'text/csv', permission: crud.write }
  const undoFileId = kept > 0 ? (await ctx.get(Files).put(ctx, file, keptFile(ctx, id))).id : null
  await ctx.tx((t) => t.repo(Import).patch(id, { state: 'undone', undoFileId }))
  if (found.inserted > 0) await runtimeOf(ctx).storage.analyze()
}

async function undoLast(
  t: Tx,
  {
    id,
    registered,
    restored,
  }: { readonly id: string; readonly registered: RegisteredEntity; readonly restored: Restored },
) {
  const slice = (await t.db
    .selectFrom(ImportSlice.name)
    .selectAll()
    .where('importId', '=', id)
    .where('isUndone', '=', false)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()) as ImportSliceRow | undefined
  if (!slice) return null
  const ids = unpackIds(slice.ids)
  const setBack = await setBackRows(t, registered, slice.patched)
  for (const [one, version] of setBack.fresh) restored.set(one, version)
  const removed = await removeRows(t, registered, { ids, restored })
  const kept = [...setBack.kept, ...removed]
  await t
    .repo(ImportSlice)
    .patch(slice.id, { isUndone: true, kept, restored: Object.fromEntries(setBack.fresh) })
  const { undone, kept: keptBefore } = await t.repo(Import).get(id)
  return t.repo(Import).patch(id, {
    undone: undone + ids.length + slice.patched.length - kept.length,
    kept: keptBefore + kept.length,
  })
}

/** What an earlier run of this undo left, which a crash has ended. */
async function restoredSoFar(ctx: JobCtx, importId: string): Promise<Restored> {
  const rows = (await ctx.db
    .selectFrom(ImportSlice.name)
    .select(['restored', 'seq'])
    .where('importId', '=', importId)
    .where('isUndone', '=', true)
    .orderBy('seq', 'desc')
    .execute()) as Pick<ImportSliceRow, 'restored'>[]
  return new Map(rows.flatMap(({ restored }) => Object.entries(restored)))
}

interface SetBack {
  readonly kept: readonly KeptRow[]
  readonly fresh: ReadonlyMap<string, number>
}

/** The last change first. Rows that cannot be set back are found by halving, as an import finds those it cannot write. */
async function setBackRows(
  t: Tx,
  registered: RegisteredEntity,
  patched: readonly PatchedRow[],
): Promise<SetBack> {
  if (patched.length === 0) return { kept: [], fresh: new Map() }
  try {
    return await t.tx((savepoint) => setBackAll(savepoint, registered, patched))
  } catch (error) {
    if (!isAboutRow(t, error)) throw error
    if (patched.length === 1) return { kept: [refusal(patched[0]!.id, error)], fresh: new Map() }
  }
  const middle = Math.ceil(patched.length / 2)
  const last = await setBackRows(t, registered, patched.slice(middle))
  const first = await setBackRows(t, registered, patched.slice(0, middle))
  return { kept: [...last.kept, ...first.kept], fresh: new Map([...last.fresh, ...first.fresh]) }
}

function refusal(id: string, error: unknown): KeptRow {
  const why = isClienteleError(error) ? error.message : thrownText(error)
  return { id, reason: `cannot be set back: ${why}`.slice(0, 1000).toWellFormed() }
}

async function setBackAll(
  t: Tx,
  { entity }: RegisteredEntity,
  patched: readonly PatchedRow[],
): Promise<SetBack> {
  const kept: KeptRow[] = []
  const fresh = new Map<string, number>()
  const repo = t.repo(entity)
  for (const { id, before, after, fresh: isFresh } of patched.toReversed()) {
    const current: Values | null = await repo.find(id)
    if (!current) {
      kept.push({ id, reason: 'was removed since' })
      continue
    }
    const columns = Object.keys(before)
    const changed = columns.filter((name) => !isDeepStrictEqual(current[name], after[name]))
    if (changed.length > 0) kept.push({ id, reason: `${changed.join(', ')} changed since` })
    const back = columns.filter((name) => !changed.includes(name))
    if (back.length === 0) continue
    const changes = Object.fromEntries(back.map((name) => [name, before[name]]))
    const row: { readonly version: number } = await repo.patch(id, changes)
    if (isFresh && changed.length === 0) fresh.set(id, row.version)
  }
  return { kept, fresh }
}

async function removeRows(
  t: Tx,
  registered: RegisteredEntity,
  { ids, restored }: { readonly ids: readonly string[]; readonly restored: Restored },
): Promise<KeptRow[]> {
  const kept: KeptRow[] = []
  const untouched: string[] = []
  for (const [id, row] of await versionsOf(t, registered, ids)) {
    if (row.deletedAt) kept.push({ id, reason: 'was removed since' })
    else if (row.version !== (restored.get(id) ?? 1)) kept.push({ id, reason: 'was changed since' })
    else untouched.push(id)
  }
  for (let from = 0; from < untouched.length; from += BATCH)
    kept.push(...(await removeUnused(t, registered, untouched.slice(from, from + BATCH))))
  return kept
}

interface Version {
  readonly version: number
  readonly deletedAt?: string | null
}

async function versionsOf(
  t: Tx,
  { entity, softDelete }: RegisteredEntity,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Version>> {
  const found = new Map<string, Version>()
  const { storage } = runtimeOf(t)
  for (let from = 0; from < ids.length; from += BATCH) {
    const query = t.dbWithRemoved
      .selectFrom(entity.name)
      .select(softDelete ? ['id', 'version', 'deletedAt'] : ['id', 'version'])
      .where('id', 'in', ids.slice(from, from + BATCH))
    const locked = storage.capabilities.rowLocks ? query.orderBy('id').forUpdate() : query
    for (const row of (await locked.execute()) as (Version & { readonly id: string })[])
      found.set(row.id, row)
  }
  return found
}

/** Removes rows that nothing refers to and nobody objects to; those that stay are found by halving. */
async function removeUnused(t: Tx, registered: RegisteredEntity, ids: readonly string[]): Promise<KeptRow[]> {
  if (ids.length === 0) return []
  const used = (await hasDependents(t, registered, ids)) ? REFERRED : await tryRemove(t, registered, ids)
  if (used === null) return []
  if (ids.length === 1) return [{ id: ids[0]!, reason: used }]
  const middle = Math.ceil(ids.length / 2)
  const first = await removeUnused(t, registered, ids.slice(0, middle))
  return [...first, ...(await removeUnused(t, registered, ids.slice(middle)))]
}

const REFERRED = 'another row refers to it'

/** Rows that would go along: somebody has added them since. Extensions and what is derived come and go with their row. */
async function hasDependents(t: Tx, registered: RegisteredEntity, ids: readonly string[]): Promise<boolean> {
  const { registry } = runtimeOf(t)
  const along = await cascadedRows({ registry, db: (t as WriterTx).withRemoved }, registered, ids)
  return along.some(
    ({ registered: { entity } }) => !entity.options.derived && entity.extension?.base !== registered.entity,
  )
}

/** Why they could not be removed; null when they were. */
async function tryRemove(
  t: Tx,
  registered: RegisteredEntity,
  ids: readonly string[],
): Promise<string | null> {
  try {
    await t.tx((savepoint) => deleteRows(savepoint, registered, ids))
    return null
  } catch (error) {
    if (runtimeOf(t).storage.constraintOf(error)?.kind === 'foreignKey') return REFERRED
    if (isAboutRow(t, error)) return refusal(ids[0]!, error).reason.replace('set back', 'removed')
    throw error
  }
}
