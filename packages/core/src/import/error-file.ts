import type { Ctx } from '../context/context.ts'
import { plainLine } from '../csv/csv-writer.ts'
import { ImportSlice, type ImportRow, type ImportSliceRow, type RefusedRow } from './import.entity.ts'
import { REPORT_PREFIX } from './mapping.ts'

/** What stands beside a row's own cells; a column that begins so is left out when the file is imported again. */
const REPORT = ['line', 'column', 'value', 'reason'].map((name) => REPORT_PREFIX + name)

/**
 * The refused rows of an import as CSV: their own cells under their own header, then line, column, value and reason.
 * Corrected, it can be imported as it is.
 */
export async function* errorFile(
  ctx: Ctx,
  { id, header }: Pick<ImportRow, 'id' | 'header'>,
): AsyncGenerator<string> {
  yield plainLine([...header, ...REPORT].map(guarded))
  for await (const { refused } of slicesOf(ctx, id)) {
    if (refused.length > 0) yield refused.map((row) => plainLine(reported(row, header.length))).join('')
  }
}

/** What an undo left as it is, as CSV: id and reason. */
export async function* keptFile(ctx: Ctx, id: string): AsyncGenerator<string> {
  yield plainLine(['id', 'reason'])
  for await (const { kept } of slicesOf(ctx, id)) {
    if (kept.length > 0) yield kept.map((row) => plainLine([row.id, row.reason])).join('')
  }
}

/** The slices of an import in order, read one by one: a slice may hold thousands of rows. */
async function* slicesOf(ctx: Ctx, importId: string): AsyncGenerator<ImportSliceRow> {
  for (let seq = 0; ; seq++) {
    const slice = await sliceAt(ctx, importId, seq)
    if (!slice) return
    yield slice
  }
}

async function sliceAt(ctx: Ctx, importId: string, seq: number): Promise<ImportSliceRow | undefined> {
  const row = (await ctx.db
    .selectFrom(ImportSlice.name)
    .selectAll()
    .where('importId', '=', importId)
    .where('seq', '=', seq)
    .executeTakeFirst()) as ImportSliceRow | undefined
  return row
}

function reported({ line, cells, problems }: RefusedRow, width: number): string[] {
  const own = Array.from({ length: Math.max(width, cells.length) }, (_, at) => cells[at] ?? '')
  const each = (one: 'column' | 'value' | 'reason'): string => problems.map((p) => p[one] ?? '').join('; ')
  return [...own, String(line), each('column'), each('value'), each('reason')].map(guarded)
}

/**
 * A cell that no spreadsheet takes for a formula, and that still means what it meant. Numbers stay: nothing else
 * would be read from them.
 */
function guarded(cell: string): string {
  return /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) && !/^[+-]?[\d.]+$/.test(cell)
    ? `'${cell}`
    : cell
}
