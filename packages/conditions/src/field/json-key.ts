import * as z from 'zod'
import { storableText } from './storable-text.ts'

/** The name of a value in JSON. */
export const jsonKeySchema: z.ZodType<string> = storableText(200).min(1)

/** Names one within another. */
export const jsonPathSchema: z.ZodType<readonly string[]> = z.array(jsonKeySchema).min(1).max(10)
