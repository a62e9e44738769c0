import * as z from 'zod'
import type { Page } from './list-query.ts'

/** The response schema of a list: `pageOf(Note.row)`. */
export function pageOf<S extends z.ZodType>(item: S): z.ZodType<Page<z.output<S>>, Page<z.input<S>>> {
  const page = z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Pass as `cursor` for the next page; null on the last one'),
    total: z.int().min(0).optional().describe('Only when asked for with `count`'),
    totalAtLeast: z.boolean().optional().describe('True when `total` is only a lower bound'),
  })
  return page as unknown as z.ZodType<Page<z.output<S>>, Page<z.input<S>>>
}
