import { toTimestamp, zoneTime } from '@clientele/core'
import type { Environment } from '../environment.ts'
import { remembered } from './remembered.ts'

/** `2026-01-31`: a day of the calendar, of no zone. Texts of this form compare in time's order. */
export type CalendarDate = string

const DAY = 86_400_000

/** The day that the tenant's calendar shows now, or at another instant. */
export function today({ now, timeZone }: Environment, instant: number = now): CalendarDate {
  return dayAt(timeZone, Math.floor(instant / 1000) * 1000)
}

const dayAt = remembered((timeZone, instant) => dateOf(zoneTime(timeZone).wallTimeAt(instant)))

/** So many days later. A day that the month does not have is taken as so many days after its first. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  return dateOf(wallTimeOf(date) + days * DAY)
}

/** The first instant of a day in the tenant's zone, in milliseconds. */
export function startOfDay(date: CalendarDate, { timeZone }: Environment): number {
  return startAt(timeZone, wallTimeOf(date))
}

const startAt = remembered((timeZone, wall) => zoneTime(timeZone).firstInstantOf(wall))

/** The first day that begins at the instant or after it. */
export function firstDateFrom(instant: number, environment: Environment): CalendarDate {
  const date = today(environment, instant)
  return startOfDay(date, environment) >= instant ? date : addDays(date, 1)
}

/** True of a text that is a day the calendar has. */
export function isCalendarDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(wallTimeOf(text)) && dateOf(wallTimeOf(text)) === text
  )
}

/** The day as a clock in UTC would show its beginning; days that a month lacks run over into the next. */
function wallTimeOf(date: CalendarDate): number {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  // Date.UTC takes the years 0 to 99 for those of the twentieth century.
  return new Date(0).setUTCFullYear(year, month - 1, day)
}

function dateOf(wall: number): CalendarDate {
  return toTimestamp(wall).slice(0, 10)
}
