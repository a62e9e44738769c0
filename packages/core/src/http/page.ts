import * as z from 'zod'
import type { Page } from './list-query.ts'

/** The response schema of a list: `pageOf(Note.row)`. */
export function pageOf<S extends z.ZodType>(item: S): z.ZodType<Page<z.output<S>>, Page<z.input<S>>>
/** And of one that says more than its page: `pageOf(Customer.row, z.object({ asOf: timestampSchema }))`. */
export function pageOf<S extends z.ZodType, M extends z.ZodObject>(
  item: S,
  more: M,
): z.ZodType<Page<z.output<S>> & z.output<M>, Page<z.input<S>> & z.input<M>>
export function pageOf(item: z.ZodType, more: z.ZodObject = z.object({})): z.ZodType {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('Pass as `cursor` for the next page; null on the last one'),
    total: z.int().min(0).optional().describe('Only when asked for with `count`'),
    totalAtLeast: z.boolean().optional().describe('True when `total` is only a lower bound'),
    ...more.shape,
  })
}
