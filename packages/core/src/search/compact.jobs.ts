import * as z from 'zod'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { defineJob, handleJob } from '../job/job.ts'
import { runtimeOf, type Runtime } from '../kernel/runtime.ts'
import { wordsTable } from './search-documents.ts'

/** Pages of the index that one transaction rewrites: it has the write lock. */
const SLICE = 200

/**
 * Rewrites the search index so that words of removed rows are gone from the file too: FTS5 only marks them as removed
 * until it merges its parts. Where the database does so by itself (PostgreSQL) it does nothing.
 *
 * @example
 * await t.enqueue(SearchCompact, {}, { dedupeKey: 'compact' })
 */
export const SearchCompact = defineJob('search.compact', z.object({}), {
  concurrency: 1,
  timeoutMs: 3_600_000,
})

export const searchCompact = handleJob(SearchCompact, async (_input, ctx) => {
  const runtime = runtimeOf(ctx)
  if (runtime.storage.capabilities.fullText !== 'fts5') return
  // A negative number of pages takes all parts of the index together, further ones go on with it.
  for (let pages = -SLICE; await merge(runtime, pages); pages = SLICE) ctx.signal.throwIfAborted()
})

/** False when nothing is left to merge. */
function merge(runtime: Runtime, pages: number): Promise<boolean> {
  const words = wordsTable(runtime)
  return runtime.storage.write({ tenantId: WHOLE_INSTANCE }, async (connection) => {
    const changes = async (): Promise<number> => {
      const { rows } = await connection.execute({ sql: 'SELECT total_changes() AS changes', parameters: [] })
      return Number(rows[0]!['changes'])
    }
    const before = await changes()
    const sql = `INSERT INTO "${words}" ("${words}", rank) VALUES ('merge', ${pages})`
    await connection.execute({ sql, parameters: [] })
    // The statement itself counts as one.
    return (await changes()) - before >= 2
  })
}
