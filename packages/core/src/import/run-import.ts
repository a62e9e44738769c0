import type { Ctx, Tx } from '../context/context.ts'
import { UnreadableCsv, type CsvRecord } from '../csv/read-records.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { Files } from '../files/files.ts'
import type { JobCtx } from '../job/job.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { RegisteredCrud } from '../plugin/registry.ts'
import { errorFile } from './error-file.ts'
import { packIds } from './ids.ts'
import { recordsOf } from './import-file.ts'
import { Import, ImportSlice, type ImportRow, type RefusedRow } from './import.entity.ts'
import { RowReader, type BadRow, type ReadRow } from './row-reader.ts'
import { SliceSize } from './slice-size.ts'
import { writeRows, type WrittenRows } from './write-rows.ts'

/** Of the job: what still fails then is told as the import's end, instead of leaving it to run for ever. */
export const LAST_ATTEMPT = 10

/** After how many inserted rows the planner learns of them first; then each time there are four times as many. */
const ANALYZE_FROM = 10_000

/** Characters of a transaction's rows, however few these are: they are in memory several times. */
const LONGEST_SLICE = 2_000_000

/**
 * Imports a file from where it stands. Each slice and what is known of it are one transaction, so that a run that was
 * killed is gone on with by the next one. Ends when the file does, when somebody cancels, or when it cannot be read on.
 */
export async function runImport(ctx: JobCtx, id: string): Promise<void> {
  const found = await ctx.repo(Import).find(id)
  if (!found || !['waiting', 'running'].includes(found.state)) {
    if (found?.state === 'cancelled') await finish(ctx, found, {})
    return
  }
  const crud = runtimeOf(ctx).registry.crud.get(found.entity)
  if (!crud) return fail(ctx, found, `no installed plugin has "${found.entity}" any more`)
  const begun =
    found.state === 'running'
      ? found
      : await ctx.tx((t) =>
          t.repo(Import).patch(id, { state: 'running', startedAt: t.now() }, { ifVersion: found.version }),
        )
  const run = new ImportRun(ctx, crud, begun)
  try {
    await run.toTheEnd()
  } catch (error) {
    if (await isCancelled(ctx, id, error)) return finish(ctx, await ctx.repo(Import).get(id), {})
    if (!isFinal(error) && ctx.attempt < LAST_ATTEMPT) throw error
    return fail(ctx, run.row, (error as Error).message)
  }
  if (run.row.inserted > 0 && !run.row.dryRun) await runtimeOf(ctx).storage.analyze()
  await finish(ctx, run.row, { state: 'done' })
}

/** One run over the file. */
class ImportRun {
  /** As the last transaction left it. */
  row: ImportRow
  readonly #ctx: JobCtx
  readonly #crud: RegisteredCrud
  readonly #size = new SliceSize()
  #analyzeAt = ANALYZE_FROM

  constructor(ctx: JobCtx, crud: RegisteredCrud, row: ImportRow) {
    this.#ctx = ctx
    this.#crud = crud
    this.row = row
  }

  async toTheEnd(): Promise<void> {
    const { records, bytesRead } = recordsOf(this.#ctx, this.row.fileId, this.row)
    let reader: RowReader | undefined
    // Those of committed slices are parsed again, which is fast, and skipped.
    let skip = this.row.read
    let slice: (ReadRow | BadRow)[] = []
    let length = 0
    for await (const batch of records) {
      for (const record of batch) {
        if (!reader) reader = this.#reader(record.cells)
        else if (skip > 0) skip -= 1
        else {
          slice.push(reader.read(record))
          length += lengthOf(record)
        }
        if (!reader || (slice.length < this.#size.rows && length < LONGEST_SLICE)) continue
        await this.#commit(reader, slice, bytesRead())
        slice = []
        length = 0
      }
    }
    if (reader && slice.length > 0) await this.#commit(reader, slice, bytesRead())
    if (this.row.bytesRead < this.row.bytesTotal) this.row = { ...this.row, bytesRead: this.row.bytesTotal }
  }

  #reader(header: readonly string[]): RowReader {
    const { mapping, sourceName: source, emptyCells, encoding } = this.row
    return new RowReader(this.#crud.entity, { header, mapping, source, emptyCells, encoding })
  }

  async #commit(reader: RowReader, slice: readonly (ReadRow | BadRow)[], bytesRead: number): Promise<void> {
    this.#ctx.signal.throwIfAborted()
    let tookMs = 0
    this.row = await this.#ctx.tx(async (t) => {
      const begun = performance.now()
      const row = await this.#writeSlice(t, reader, { slice, bytesRead })
      tookMs = performance.now() - begun
      return row
    })
    this.#size.measured(slice.length, tookMs)
    await this.#ctx.progress(bytesRead, this.row.bytesTotal)
    if (this.row.inserted < this.#analyzeAt || this.row.dryRun) return
    // PostgreSQL keeps plans it made for empty tables: its foreign keys then read whole indexes, row after row.
    await runtimeOf(this.#ctx).storage.analyze()
    this.#analyzeAt = this.row.inserted * 4
  }

  async #writeSlice(
    t: Tx,
    reader: RowReader,
    { slice, bytesRead }: { readonly slice: readonly (ReadRow | BadRow)[]; readonly bytesRead: number },
  ): Promise<ImportRow> {
    const { id, version, slices: seq } = this.row
    const written = await this.#write(t, slice.filter(isSound))
    const refused = refusedRows(slice, written, reader)
    await t.repo(ImportSlice).insert({
      importId: id,
      seq,
      fromLine: slice[0]!.line,
      toLine: slice.at(-1)!.line,
      ids: this.row.dryRun ? '' : packIds(written.inserted),
      patched: this.row.dryRun ? [] : [...written.patched],
      refused,
    })
    const counts = {
      slices: seq + 1,
      bytesRead,
      read: this.row.read + slice.length,
      inserted: this.row.inserted + written.inserted.length,
      updated: this.row.updated + written.patched.length,
      unchanged: this.row.unchanged + written.unchanged,
      failed: this.row.failed + refused.length,
    }
    // Whoever cancels, or has taken the job over, has made it another version: then nothing of this is kept.
    return t.repo(Import).patch(id, counts, { ifVersion: version })
  }

  async #write(t: Tx, rows: readonly ReadRow[]): Promise<WrittenRows> {
    const { key, startedAt, dryRun } = this.row
    const options = { key, startedAt: startedAt ?? t.now() }
    if (!dryRun) return writeRows(t, this.#crud.entity, rows, options)
    let written: WrittenRows | undefined
    const undo = new Error('a dry run writes nothing')
    try {
      await t.tx(async (savepoint) => {
        written = await writeRows(savepoint, this.#crud.entity, rows, options)
        throw undo
      })
    } catch (error) {
      if (error !== undo) throw error
    }
    return written!
  }
}

function lengthOf({ cells }: CsvRecord): number {
  let length = 0
  for (const cell of cells) length += cell.length
  return length
}

function isSound(row: ReadRow | BadRow): row is ReadRow {
  return 'values' in row
}

function refusedRows(
  slice: readonly (ReadRow | BadRow)[],
  { refused }: WrittenRows,
  reader: RowReader,
): RefusedRow[] {
  const errors = new Map<CsvRecord, unknown>(refused.map(({ row, error }) => [row, error]))
  return slice.flatMap((row) => {
    const { line } = row
    if (isSound(row) && !errors.has(row)) return []
    const problems = isSound(row) ? [reader.refused(row, errors.get(row))] : row.problems
    return storable({ line, cells: [...row.cells], problems: [...problems] })
  })
}

/** PostgreSQL's JSON takes no NUL, which is what such a row is refused for. */
function storable(row: RefusedRow): RefusedRow {
  const clean = (text: string): string => text.replaceAll('\0', '\uFFFD')
  return {
    ...row,
    cells: row.cells.map(clean),
    problems: row.problems.map(({ column, value, reason }) => ({
      column,
      value: value && clean(value),
      reason: clean(reason),
    })),
  }
}

async function isCancelled(ctx: Ctx, id: string, error: unknown): Promise<boolean> {
  if (!isClienteleError(error) || error.code !== 'entity.stale_version') return false
  return (await ctx.repo(Import).find(id))?.state === 'cancelled'
}

/** What trying again cannot change: the file is not readable, or gone. */
function isFinal(error: unknown): boolean {
  if (error instanceof UnreadableCsv) return true
  return isClienteleError(error) && ['entity.not_found', 'files.lost'].includes(error.code)
}

function fail(ctx: Ctx, row: ImportRow, reason: string): Promise<void> {
  return finish(ctx, row, { state: 'failed', message: reason.slice(0, 2000).toWellFormed() })
}

/** The error file first: an import that has ended has one, if it has refused rows. */
async function finish(
  ctx: Ctx,
  row: ImportRow,
  change: { readonly state?: 'done' | 'failed'; readonly message?: string },
): Promise<void> {
  const crud = runtimeOf(ctx).registry.crud.get(row.entity)
  let errorFileId = row.errorFileId
  if (row.failed > 0 && errorFileId === null && crud) {
    const name = `${row.fileName.replace(/\.csv$/i, '')}-errors.csv`
    const file = { name, contentType: 'text/csv', permission: crud.write }
    errorFileId = (await ctx.get(Files).put(ctx, file, errorFile(ctx, row))).id
  }
  await ctx.tx(async (t) => {
    const current = await t.repo(Import).get(row.id)
    const finishedAt = current.finishedAt ?? t.now()
    // Somebody may have cancelled meanwhile; it has ended all the same.
    const state = current.state === 'running' || current.state === 'waiting' ? change.state : undefined
    await t.repo(Import).patch(row.id, {
      errorFileId,
      finishedAt,
      bytesRead: row.bytesRead,
      ...(state === undefined ? {} : { ...change, state }),
    })
  })
}
