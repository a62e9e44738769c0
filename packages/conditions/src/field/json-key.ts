import * as z from 'zod'

/** The name of a value in JSON. Databases know neither NUL nor half a surrogate pair. */
export const jsonKeySchema: z.ZodType<string> = z
  .string()
  .min(1)
  .max(200)
  .refine(
    (key) => !key.includes('\0') && key.isWellFormed(),
    'must not contain a NUL character or half of a pair',
  )

/** Names one within another. */
export const jsonPathSchema: z.ZodType<readonly string[]> = z.array(jsonKeySchema).min(1).max(10)
