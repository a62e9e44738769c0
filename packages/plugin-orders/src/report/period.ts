import { timestampSchema, toTimestamp, type Timestamp } from '@clientele/core'
import * as z from 'zod'
import { addDays, startOfDay } from './calendar.ts'

/** From an instant up to, not including, another. */
export interface Span {
  readonly from: Timestamp
  readonly to: Timestamp
}

/** A period and the one before it, to compare with. */
export interface Period extends Span {
  readonly previous: Span
}

/** How a report is asked for its period: `?period=30d`, or `?from=…&to=…`. */
export const periodFields = {
  period: z
    .string()
    .regex(/^[1-9]\d{0,2}d$/, 'days, such as 30d')
    .optional()
    .describe(
      'So many days up to now, today among them, as days are in the tenant’s time zone. Default: 30d',
    ),
  from: timestampSchema.optional().describe('Instead of `period`. Default: 30 days before `to`'),
  to: timestampSchema.optional().describe('Not included. Default: now'),
} as const

/** A period as a request asks for it. */
export type PeriodInput = z.output<z.ZodObject<typeof periodFields>>

/**
 * The period asked for. `30d` begins at midnight 29 days ago and ends now; before it lie the 30 days up to the same
 * time of day, so that a day half over is compared with half a day. A span given by instants is compared with the
 * one of the same length before it.
 */
export function periodOf(input: PeriodInput, now: Timestamp, zone: string): Period {
  if (input.from !== undefined || input.to !== undefined) return spanned(input, now, zone)
  const days = daysOf(input)
  return {
    from: startOfDay(now, zone, 1 - days),
    to: now,
    previous: { from: startOfDay(now, zone, 1 - 2 * days), to: addDays(now, zone, -days) },
  }
}

/** How many days a request asks for. */
export function daysOf({ period = '30d' }: Pick<PeriodInput, 'period'>): number {
  return Number.parseInt(period, 10)
}

function spanned(input: PeriodInput, now: Timestamp, zone: string): Period {
  const to = normal(input.to ?? now)
  const from = normal(input.from ?? addDays(to, zone, -30))
  const length = Date.parse(to) - Date.parse(from)
  const before = toTimestamp(Math.max(Date.parse(from) - length, EARLIEST))
  return { from, to, previous: { from: before, to: from } }
}

/** What databases can compare with: year 1. */
const EARLIEST = Date.parse('0001-01-01T00:00:00.000Z')

function normal(instant: string): Timestamp {
  return toTimestamp(Date.parse(instant))
}
