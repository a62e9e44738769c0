import type { Ctx } from '../context/context.ts'
import { BYTE_ORDER_MARK, headerLine, lineWriter } from '../csv/csv-writer.ts'
import { listRecords } from '../http/list-execute.ts'
import { runtimeOf, type InternalCtx } from '../kernel/runtime.ts'
import type { ExportPlan } from './plan-export.ts'

/** Rows of a page: from one, where rows are large, to as many as the main thread reads in some milliseconds. */
const ROWS = { first: 32, least: 1, most: 1024 } as const

/** How much text a page should come to, in characters. */
const PAGE_LENGTH = 512 * 1024

interface Page {
  readonly records: readonly Record<string, unknown>[]
  readonly last: readonly unknown[] | null
}

/** Reads the first page at once, so that what is wrong shows before anything is written. */
export async function exportPages(
  ctx: Ctx,
  plan: ExportPlan,
  options: { readonly bom?: boolean | undefined; readonly onRows?: ((done: number) => unknown) | undefined },
): Promise<AsyncIterable<string>> {
  return pagesFrom(ctx, plan, { ...options, first: await readPage(ctx, plan, ROWS.first) })
}

async function* pagesFrom(
  ctx: Ctx,
  plan: ExportPlan,
  { first, bom = false, onRows }: Parameters<typeof exportPages>[2] & { readonly first: Page },
): AsyncIterable<string> {
  const lineOf = lineWriter(plan.columns)
  yield (bom ? BYTE_ORDER_MARK : '') + headerLine(plan.columns)
  let size: number = ROWS.first
  let done = 0
  for (let page: Page | null = first; page;) {
    ctx.signal.throwIfAborted()
    const { records, last }: Page = page
    // Read while these are written, which is another thread or machine; once it is known how large rows are.
    let next: Promise<Page> | null = last && done > 0 ? readPage(ctx, plan, size, last) : null
    // Whoever stops reading here does not wait for it.
    next?.catch(() => {})
    let text = ''
    for (const record of records) text += lineOf(record)
    size = sizeAfter(size, text.length / records.length)
    if (last && !next) next = readPage(ctx, plan, size, last)
    next?.catch(() => {})
    if (text !== '') yield text
    done += records.length
    await onRows?.(done)
    page = await next
  }
}

function readPage(
  ctx: Ctx,
  { registered, query, selected }: ExportPlan,
  limit: number,
  after?: readonly unknown[],
): Promise<Page> {
  const request = { columns: selected, ...(after ? { after } : {}) }
  return listRecords(runtimeOf(ctx), ctx as InternalCtx, registered, { ...query, limit }, request)
}

/** A power of two: for each size there is a statement that is compiled once. */
function sizeAfter(size: number, rowLength: number): number {
  const wanted = 2 ** Math.floor(Math.log2(PAGE_LENGTH / rowLength))
  return Math.max(ROWS.least, Math.min(wanted, size * 4, ROWS.most))
}
