import type { Ctx } from '../context/context.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { fromTimestamp, toTimestamp } from '../ports/clock.ts'
import type { FilesDb } from './file-chunk.entity.ts'
import { Files } from './files.ts'
import { storeOf } from './store-of.ts'

/** Bytes without a row may belong to a file that is still coming; after this long it does not come any more. */
const ORPHANED_AFTER_MS = 24 * 3_600_000

const PORTION = 200

/** Removes the tenant's files whose time is over. Answers how many. */
export async function removeExpiredFiles(ctx: Ctx): Promise<number> {
  const files = ctx.get(Files)
  let removed = 0
  for (;;) {
    ctx.signal.throwIfAborted()
    const expired = await (ctx.db as FilesDb)
      .selectFrom('files')
      .select('id')
      .where('expiresAt', '<=', ctx.now())
      .orderBy('expiresAt')
      .limit(PORTION)
      .execute()
    if (expired.length === 0) return removed
    for (const { id } of expired) await ctx.tx((t) => files.remove(t, id)).catch(unlessGone)
    removed += expired.length
  }
}

/** Removes bytes of the tenant that no file names: a process died between the two. Answers of how many files. */
export async function removeOrphanBytes(ctx: Ctx): Promise<number> {
  const store = storeOf(ctx)
  const before = toTimestamp(fromTimestamp(ctx.now()) - ORPHANED_AFTER_MS)
  let removed = 0
  for await (const ids of store.olderThan(ctx, before)) {
    ctx.signal.throwIfAborted()
    const known = await (ctx.db as FilesDb)
      .selectFrom('files')
      .select('id')
      .where((eb) => ctx.sql.anyOf(eb.ref('id'), 'uuid', ids))
      .execute()
    const named = new Set(known.map(({ id }) => id))
    for (const id of ids) {
      if (named.has(id)) continue
      await store.remove(ctx, id)
      removed++
    }
  }
  return removed
}

/** Somebody else was faster. */
function unlessGone(error: unknown): void {
  if (!isClienteleError(error) || error.code !== 'entity.not_found') throw error
}
