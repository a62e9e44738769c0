import { fromTimestamp, isoText, type Timestamp } from '@clientele/core'
import { sql, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import type { EditorInput } from '../editor.ts'
import type { Environment } from '../environment.ts'
import type { SqlScope } from '../sql-scope.ts'
import { addDays, startOfDay, today, type CalendarDate } from '../time/calendar-date.ts'
import { offsetAt, offsetExpression } from '../time/zone-offsets.ts'
import { complement } from './complement.ts'
import type { Operator } from './operator.ts'

/** A question about what calendar and clock show: `2026-01-31T09:30`, or the day alone. */
interface CalendarQuestion<V> {
  readonly name: string
  readonly input: EditorInput
  readonly value: z.ZodType<V>
  compile(wall: Expression<unknown>, value: V, environment: Environment): Expression<SqlBool>
  holds(wall: string, value: V, environment: Environment): boolean
  /** The days, of the tenant's calendar, on which the answer for this day may differ. @default none */
  turningDays?(day: CalendarDate, value: V, environment: Environment): readonly CalendarDate[]
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

/** Sakamoto's table: how far the first of a month is from that of January, in weekdays, with February at its end. */
const MONTH_SHIFT = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]

const dayOfWeek: CalendarQuestion<readonly (typeof WEEKDAYS)[number][]> = {
  name: 'dayOfWeek',
  input: 'weekdays',
  value: z.array(z.enum(WEEKDAYS)).min(1).max(7),
  compile(wall, days) {
    const month = sql<string>`substr(${wall}, 6, 2)`
    const year = sql<number>`(cast(substr(${wall}, 1, 4) as integer) - case when ${month} < '03' then 1 else 0 end)`
    const shifts = MONTH_SHIFT.map(
      (shift, index) => sql`when ${sql.lit(twoDigits(index + 1))} then ${sql.lit(shift)}`,
    )
    const shift = sql<number>`case ${month} ${sql.join(shifts, sql` `)} end`
    const day = sql<number>`cast(substr(${wall}, 9, 2) as integer)`
    const sum = sql<number>`(${year} + ${year} / 4 - ${year} / 100 + ${year} / 400 + ${shift} + ${day})`
    return sql<SqlBool>`${sum} % 7 in (${sql.join(days.map((name) => sql.lit(WEEKDAYS.indexOf(name))))})`
  },
  holds: (wall, days) => days.includes(WEEKDAYS[weekdayOf(wall)]!),
}

/** A question about one part of the text, which is one of a list of numbers. */
function part(
  name: string,
  { input, from, to }: { readonly input: EditorInput; readonly from: number; readonly to: number },
  at: number,
): CalendarQuestion<readonly number[]> {
  return {
    name,
    input,
    value: z.array(z.number().int().min(from).max(to)).min(1).max(31),
    compile: (wall, numbers) =>
      sql<SqlBool>`substr(${wall}, ${sql.lit(at + 1)}, 2) in (${sql.join(numbers.map((n) => sql.lit(twoDigits(n))))})`,
    holds: (wall, numbers) => numbers.map(twoDigits).includes(wall.slice(at, at + 2)),
  }
}

const month = part('month', { input: 'months', from: 1, to: 12 }, 5)
const dayOfMonth = part('dayOfMonth', { input: 'monthDays', from: 1, to: 31 }, 8)
/** A day alone has no hour. */
const hour = part('hour', { input: 'hours', from: 0, to: 23 }, 11)

/** Days from today: -3 is three days ago, 7 in a week. */
interface Days {
  readonly from: number
  readonly to: number
}

/** The day comes round, in any year, within so many days of today. 29 February is kept on the 28th in other years. */
const anniversary: CalendarQuestion<Days> = {
  name: 'anniversary',
  input: 'days',
  value: z
    .strictObject({
      from: z.number().int().min(-183).max(183),
      to: z.number().int().min(-183).max(183),
    })
    .refine(({ from, to }) => from <= to, { path: ['from'], message: 'must not be greater than "to"' }),
  compile(wall, days, environment) {
    const list = anniversariesIn(days, environment).map((one) => sql.lit(one))
    return sql<SqlBool>`substr(${wall}, 6, 5) in (${sql.join(list)})`
  },
  holds: (wall, days, environment) => anniversariesIn(days, environment).includes(wall.slice(5, 10)),
  turningDays(day, { from, to }, environment) {
    const year = Number(today(environment).slice(0, 4))
    return [-1, 0, 1, 2].flatMap((more) => {
      const kept = keptOn(day.slice(5), year + more)
      return [addDays(kept, -to), addDays(kept, 1 - from)]
    })
  },
}

interface Years {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

const years = z.number().int().min(0).max(200)

/** Whole years since the day, as people count their age; both ends belong to it. */
const age: CalendarQuestion<Years> = {
  name: 'age',
  input: 'years',
  value: z
    .strictObject({ from: years.optional(), to: years.optional() })
    .refine(({ from, to }) => from !== undefined || to !== undefined, 'needs "from", "to" or both')
    .refine(({ from = 0, to = Infinity }) => from <= to, {
      path: ['from'],
      message: 'must not be greater than "to"',
    }),
  compile(wall, value, environment) {
    const [after, last] = birthdaysOf(value, environment)
    const day = sql<string>`substr(${wall}, 1, 10)`
    return sql<SqlBool>`(${day} > ${after} and ${day} <= ${last})`
  },
  holds(wall, value, environment) {
    const [after, last] = birthdaysOf(value, environment)
    const day = wall.slice(0, 10)
    return day > after && day <= last
  },
  turningDays(day, { from = 0, to }) {
    return [from, ...(to === undefined ? [] : [to + 1])].map((more) => overflowing(yearsLater(day, more)))
  },
}

const QUESTIONS: readonly CalendarQuestion<any>[] = [anniversary, age, dayOfWeek, dayOfMonth, month, hour]

/** The exact complements, for those that people ask. */
const NEGATED: Readonly<Record<string, string>> = {
  anniversary: 'notAnniversary',
  dayOfWeek: 'notDayOfWeek',
  month: 'notMonth',
}

/**
 * Operators about what the calendar shows, for instants (in the tenant's zone) and for texts in ISO form (as they are
 * written: a birthday is the same day everywhere).
 */
export const calendarOperators: readonly Operator[] = [instantQuestion, textQuestion].flatMap((make) =>
  QUESTIONS.flatMap((question) => {
    const operator = make(question)
    const negated = NEGATED[question.name]
    return negated ? [operator, complement(negated, operator)] : [operator]
  }),
)

function instantQuestion(question: CalendarQuestion<unknown>): Operator {
  const shown = (actual: unknown, { timeZone }: Environment): string => {
    const at = fromTimestamp(actual as Timestamp)
    return new Date(at + offsetAt(timeZone, at)).toISOString().slice(0, 16)
  }
  return made(question, {
    kinds: ['timestamp'],
    compile(column, value, scope) {
      const wall = scope.sql.wallText(column, offsetExpression(scope.timeZone, column))
      return question.compile(wall, value, scope)
    },
    wall: shown,
  })
}

function textQuestion(question: CalendarQuestion<unknown>): Operator {
  return made(question, {
    kinds: ['date'],
    compile: (column, value, scope) => question.compile(column, value, scope),
    wall: (actual) => isoText(actual as string),
  })
}

function made(
  question: CalendarQuestion<unknown>,
  kind: Pick<Operator, 'kinds'> & {
    compile(column: Expression<unknown>, value: unknown, scope: SqlScope): Expression<SqlBool>
    wall(actual: unknown, environment: Environment): string | null
  },
): Operator {
  const { name, input, value } = question
  return {
    name,
    kinds: kind.kinds,
    input,
    costly: true,
    value: () => value,
    compile: (column, asked, scope) => kind.compile(column, asked, scope),
    evaluate(actual, asked, environment) {
      const wall = kind.wall(actual, environment)
      return wall !== null && question.holds(wall, asked, environment)
    },
    ...(question.turningDays && {
      nextChangeAt(actual, asked, environment) {
        const wall = kind.wall(actual, environment)
        if (wall === null) return null
        const edges = question.turningDays!(wall.slice(0, 10), asked, environment)
          .filter((day) => day.length === 10)
          .map((day) => startOfDay(day, environment))
          .filter((edge) => edge > environment.now)
        return edges.length === 0 ? null : Math.min(...edges)
      },
    }),
  }
}

function weekdayOf(wall: string): number {
  const [year, month, day] = [0, 5, 8].map((at) => Number(wall.slice(at, at === 0 ? 4 : at + 2))) as [
    number,
    number,
    number,
  ]
  const y = year - (month < 3 ? 1 : 0)
  const leaps = Math.trunc(y / 4) - Math.trunc(y / 100) + Math.trunc(y / 400)
  return (y + leaps + MONTH_SHIFT[month - 1]! + day) % 7
}

/** `01-31`: the days that come round within so many days of today. */
function anniversariesIn({ from, to }: Days, environment: Environment): readonly string[] {
  const now = today(environment)
  const days = Array.from({ length: to - from + 1 }, (_, index) => addDays(now, from + index))
  return days.flatMap((day) => {
    const shown = day.slice(5)
    return shown === '02-28' && !isLeap(Number(day.slice(0, 4))) ? [shown, '02-29'] : [shown]
  })
}

function keptOn(shown: string, year: number): CalendarDate {
  return `${String(year).padStart(4, '0')}-${shown === '02-29' && !isLeap(year) ? '02-28' : shown}`
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** After the first and up to the second are the days of birth of those who are so old today. */
function birthdaysOf({ from = 0, to }: Years, environment: Environment): readonly [string, string] {
  const now = today(environment)
  return [to === undefined ? '' : yearsLater(now, -1 - to), yearsLater(now, -from)]
}

/** The text of the same day in another year, which may not have it. */
function yearsLater(day: CalendarDate, more: number): string {
  return `${String(Math.max(Number(day.slice(0, 4)) + more, 0)).padStart(4, '0')}${day.slice(4)}`
}

/** 29 February of a year that has none is 1 March. */
function overflowing(day: string): CalendarDate {
  return day.length > 10 ? day : addDays(`${day.slice(0, 8)}01`, Number(day.slice(8)) - 1)
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}
