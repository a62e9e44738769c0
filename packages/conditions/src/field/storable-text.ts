import * as z from 'zod'

/** A text that every database holds as it is; PostgreSQL has none with a NUL character or half a surrogate pair. */
export function storableText(longest: number): z.ZodString {
  return z
    .string()
    .max(longest)
    .regex(/^[^\0]*$/, 'must not contain a NUL character')
    .refine((text) => text.isWellFormed(), 'must not contain half a surrogate pair')
}
