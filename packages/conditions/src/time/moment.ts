import { fromTimestamp, timestampSchema, toTimestamp, type Timestamp } from '@clientele/core'
import * as z from 'zod'
import type { Environment } from '../environment.ts'
import { isCalendarDate, startOfDay } from './calendar-date.ts'

/** An instant, or a day of the tenant's calendar, which stands for its first instant. */
export type Moment = string

const HINT =
  'expected a day, such as 2026-01-31, or an ISO-8601 instant with a zone, such as 2026-01-31T09:30:00Z'

/** What a day of the calendar must be. */
export const daySchema: z.ZodType<string> = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a day, such as 2026-01-31')
  .refine(
    (day) => isCalendarDate(day) && day > '0001-01-03' && day < '9999-12-29',
    'expected a day that the calendar has, in the years 1 to 9999',
  )

/** What a {@link Moment} must be. */
export const momentSchema: z.ZodType<Moment> = z
  .union([daySchema, z.iso.datetime({ offset: true })], { error: HINT })
  .refine(
    (value) => value.length === 10 || timestampSchema.safeParse(value).success,
    'expected an instant in the years 1 to 9999',
  )

/** The instant that a moment is, in milliseconds. */
export function instantOf(moment: Moment, environment: Environment): number {
  return moment.length === 10 ? startOfDay(moment, environment) : fromTimestamp(moment)
}

/** The years that databases and texts have. */
const [FIRST, LAST] = [Date.parse('0001-01-03T00:00:00Z'), Date.parse('9999-12-29T00:00:00Z')]

/** Milliseconds as a timestamp; null beyond the years 1 to 9999, where nothing is. */
export function finiteTimestamp(instant: number): Timestamp | null {
  return instant >= FIRST && instant <= LAST ? toTimestamp(instant) : null
}
