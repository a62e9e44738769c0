import { Cron as Calendar } from 'croner'
import { zoneTime } from './zone-time.ts'

/** The instants a cron expression names in a zone. */
export interface Cron {
  /**
   * The first instant after the given one, in milliseconds since 1970; null when there is none any more.
   */
  next(after: number): number | null
}

const crons = new Map<string, Cron>()
/** Kept at most; tenants have few zones and plugins few expressions. */
const KEPT = 1000

/**
 * Five or six fields, read on the clocks of a zone.
 *
 * - With certain hours (`30 2 * * *`): a time that the clocks skip is taken at the end of the gap, together with what
 *   else stands there; one that they show twice is taken the first time.
 * - With every hour (`30 * * * *`, `*\/15 * * * *`): as the hours pass, so that the distance stays the same: what is
 *   skipped is left out, what comes twice is taken twice.
 *
 * @throws Error in English for an expression or a zone that cannot be read
 */
export function cronOf(expression: string, zone: string): Cron {
  const key = `${expression} ${zone}`
  const known = crons.get(key)
  if (known) return known
  const fields = expression.trim().split(/\s+/)
  if (fields.length !== 5 && fields.length !== 6) {
    throw new RangeError('it must have five fields, or six of which the first is the second')
  }
  const cron = everyHour(fields.at(-4)!) ? realTime(fields.join(' '), zone) : wallTime(fields.join(' '), zone)
  if (crons.size >= KEPT) crons.delete(crons.keys().next().value!)
  crons.set(key, cron)
  return cron
}

function everyHour(field: string): boolean {
  return ['*', '?', '*/1', '0-23'].includes(field)
}

function realTime(expression: string, zone: string): Cron {
  zoneTime(zone)
  const calendar = calendarOf(expression, zone)
  return { next: (after) => calendar.nextRun(dateOf(after))?.getTime() ?? null }
}

function wallTime(expression: string, zone: string): Cron {
  const clocks = zoneTime(zone)
  // A calendar without changes of the clocks: its "instants" are wall times.
  const calendar = calendarOf(expression, 'UTC')
  return {
    next(after) {
      let wall: number | undefined = clocks.wallTimeAt(wholeSecond(after))
      for (;;) {
        wall = calendar.nextRun(dateOf(wall))?.getTime()
        if (wall === undefined) return null
        const instant = clocks.firstInstantOf(wall)
        if (instant > after) return instant
      }
    },
  }
}

function calendarOf(expression: string, timezone: string): Calendar {
  return new Calendar(expression, { timezone, paused: true, mode: '5-or-6-parts' })
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

/** The library takes dates only. */
function dateOf(ms: number): Date {
  return new Date(ms)
}
