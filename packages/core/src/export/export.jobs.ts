import * as z from 'zod'
import { uuidSchema } from '../entity/column.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { Files } from '../files/files.ts'
import { defineJob, handleJob, type JobCtx } from '../job/job.ts'
import { ExportEntity, type ExportRow } from './export.entity.ts'
import { Exports } from './exports.ts'

/** How many rows are written between two looks at whether somebody has cancelled it. */
const ROWS_BETWEEN_LOOKS = 20_000

/** Makes the file of an export. One that broke off is made again from the beginning: its rows may have changed. */
export const RunExport = defineJob('core.export', z.object({ exportId: uuidSchema }), {
  attempts: 3,
  concurrency: 2,
  timeoutMs: 24 * 3_600_000,
})

export const runExport = handleJob(RunExport, async ({ exportId }, ctx) => {
  try {
    const row = await begin(ctx, exportId)
    if (row) await finish(ctx, row, await writeFile(ctx, row))
  } catch (error) {
    if (error instanceof Cancelled) return
    // Taken away, or stopped: another run goes on with it.
    if (ctx.signal.aborted) throw error
    const isHopeless = isClienteleError(error) && error.status < 500
    if (isHopeless || ctx.attempt >= RunExport.options.attempts) await fail(ctx, exportId, error)
    if (!isHopeless) throw error
  }
})

class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** Null when nobody wants it any more. */
function begin(ctx: JobCtx, id: string): Promise<ExportRow | null> {
  return ctx.tx(async (t) => {
    await t.lock(ExportEntity, [id])
    const row = await t.repo(ExportEntity).find(id)
    if (row?.state !== 'waiting' && row?.state !== 'running') return null
    return t.repo(ExportEntity).patch(id, { state: 'running', rowsDone: 0 })
  })
}

/** Answers the id of the file and how many rows it has. */
async function writeFile(ctx: JobCtx, row: ExportRow): Promise<Written> {
  let rows = 0
  let nextLook = 0
  let total: number | null = null
  const onRows = async (done: number): Promise<void> => {
    rows = done
    if (done < nextLook) return
    nextLook = done + ROWS_BETWEEN_LOOKS
    await ctx.progress(done, total ?? undefined)
    await look(ctx, row.id, { rowsDone: done, rowsTotal: total })
  }
  const { query, columns, bom } = row
  const file = await ctx.get(Exports).csv(ctx, row.entity, { query, columns, bom, onRows })
  total = await file.total()
  const { id } = await ctx.get(Files).put(
    ctx,
    {
      name: row.name,
      contentType: 'text/csv; charset=utf-8',
      permission: row.permission,
      expiresAt: row.expiresAt,
      maxBytes: Number.MAX_SAFE_INTEGER,
    },
    file.content,
  )
  return { fileId: id, rows }
}

interface Written {
  readonly fileId: string
  readonly rows: number
}

async function look(
  ctx: JobCtx,
  id: string,
  progress: { readonly rowsDone: number; readonly rowsTotal: number | null },
): Promise<void> {
  const goesOn = await ctx.tx(async (t) => {
    await t.lock(ExportEntity, [id])
    if ((await t.repo(ExportEntity).find(id))?.state !== 'running') return false
    await t.repo(ExportEntity).patch(id, progress)
    return true
  })
  if (!goesOn) throw new Cancelled()
}

function finish(ctx: JobCtx, { id }: ExportRow, { fileId, rows }: Written): Promise<void> {
  return ctx.tx(async (t) => {
    await t.lock(ExportEntity, [id])
    // Cancelled at the last moment: the file is nobody's.
    if ((await t.repo(ExportEntity).find(id))?.state !== 'running') return t.get(Files).remove(t, fileId)
    const done = { state: 'done', fileId, rowsDone: rows, rowsTotal: rows, finishedAt: t.now() } as const
    await t.repo(ExportEntity).patch(id, done)
  })
}

function fail(ctx: JobCtx, id: string, error: unknown): Promise<void> {
  const known = isClienteleError(error) && error.status < 500
  const text = known ? error.message : 'It failed for a reason that stands in the log; start it again'
  return ctx.tx(async (t) => {
    await t.lock(ExportEntity, [id])
    if ((await t.repo(ExportEntity).find(id))?.state !== 'running') return
    const failed = { state: 'failed', error: text.slice(0, 2000), finishedAt: t.now() } as const
    await t.repo(ExportEntity).patch(id, failed)
  })
}
