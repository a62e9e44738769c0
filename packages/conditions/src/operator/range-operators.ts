import { fromTimestamp, isoText, type Timestamp } from '@clientele/core'
import { expressionBuilder, sql, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import type { EditorInput } from '../editor.ts'
import type { Environment } from '../environment.ts'
import { addDays, firstDateFrom, startOfDay } from '../time/calendar-date.ts'
import { daySchema, finiteTimestamp, instantOf, momentSchema, type Moment } from '../time/moment.ts'
import {
  boundsOf,
  durationMs,
  durationSchema,
  nextEdge,
  windowSchema,
  type Bounds,
  type CalendarWindow,
  type Duration,
  type Window,
} from '../window/window.ts'
import { complement } from './complement.ts'
import type { Operator } from './operator.ts'

/** A question of when: met from one instant to another, wherever those lie now. */
interface Range<V> {
  readonly name: string
  readonly input: EditorInput
  readonly value: z.ZodType<V>
  bounds(value: V, environment: Environment): Bounds
  /** When something at `at` may enter or leave next. @default the bounds stand still */
  nextEdge?(at: number, value: V, environment: Environment): number | null
}

const before: Range<Moment> = {
  name: 'before',
  input: 'value',
  value: momentSchema,
  bounds: (moment, environment) => ({ from: -Infinity, until: instantOf(moment, environment) }),
}

/** The instant itself belongs to it, so that `before` and `after` leave nothing out. */
const after: Range<Moment> = {
  name: 'after',
  input: 'value',
  value: momentSchema,
  bounds: (moment, environment) => ({ from: instantOf(moment, environment), until: Infinity }),
}

/** From the first moment (included) to the second (left out). */
const between: Range<readonly [Moment, Moment]> = {
  name: 'between',
  input: 'pair',
  value: z.tuple([momentSchema, momentSchema]),
  bounds: ([from, until], environment) => ({
    from: instantOf(from, environment),
    until: instantOf(until, environment),
  }),
}

/** On a day of the tenant's calendar. */
const on: Range<string> = {
  name: 'on',
  input: 'day',
  value: daySchema,
  bounds: (day, environment) => ({
    from: startOfDay(day, environment),
    until: startOfDay(addDays(day, 1), environment),
  }),
}

/** In a {@link Window}: this month, the last six weeks by the calendar. */
const within: Range<Window> = {
  name: 'within',
  input: 'window',
  value: windowSchema,
  bounds: (window, environment) => boundsOf(whole(window), environment),
  nextEdge: (at, window, environment) => nextEdge(at, whole(window), environment),
}

/** With the default of `to`, which a leaf that was checked may still leave out. */
function whole(window: Window): Window {
  return 'calendar' in window ? { ...window, to: (window as Partial<CalendarWindow>).to ?? 0 } : window
}

/** Bounds that move on with now: each as far from it as it always is. */
function rolling<V>(
  name: string,
  { input, value }: { readonly input: EditorInput; readonly value: z.ZodType<V> },
  around: (value: V) => Bounds,
): Range<V> {
  return {
    name,
    input,
    value,
    bounds(length, { now }) {
      const { from, until } = around(length)
      return { from: now + from, until: now + until }
    },
    nextEdge(at, length, { now }) {
      const { from, until } = around(length)
      // At `now + bound > at` the bound has gone past; the later of the two in time is the one that lies behind.
      return [at - until + 1, at - from + 1].find((edge) => edge > now && Number.isFinite(edge)) ?? null
    },
  }
}

const oneDuration = { input: 'duration', value: durationSchema } as const

/** Within the rolling window that ends now; the future is not in it. */
const inLast = rolling('inLast', oneDuration, (length) => ({ from: -durationMs(length), until: 1 }))

/** Before the rolling window that ends now began. */
const olderThan = rolling('olderThan', oneDuration, (length) => ({
  from: -Infinity,
  until: -durationMs(length),
}))

/** Within the rolling window that begins after now. */
const inNext = rolling('inNext', oneDuration, (length) => ({ from: 1, until: durationMs(length) + 1 }))

/** After the rolling window that begins now has ended. */
const moreThanFromNow = rolling('moreThanFromNow', oneDuration, (length) => ({
  from: durationMs(length) + 1,
  until: Infinity,
}))

/** At least the first duration ago and at most the second. */
const betweenAgo = rolling(
  'betweenAgo',
  {
    input: 'durations',
    value: z
      .tuple([durationSchema, durationSchema])
      .refine(([near, far]) => durationMs(near) <= durationMs(far), 'the first must not be longer'),
  },
  ([near, far]: readonly [Duration, Duration]) => ({ from: -durationMs(far), until: 1 - durationMs(near) }),
)

const RANGES: readonly Range<any>[] = [
  before,
  after,
  between,
  on,
  within,
  inLast,
  olderThan,
  inNext,
  moreThanFromNow,
  betweenAgo,
]

/** The exact complements that have a name. */
const NEGATED: Readonly<Record<string, string>> = {
  between: 'notBetween',
  on: 'notOn',
  within: 'notWithin',
  inLast: 'notInLast',
  inNext: 'notInNext',
  betweenAgo: 'notBetweenAgo',
}

/** Operators about when something is, for instants and for texts in ISO form. */
export const rangeOperators: readonly Operator[] = [instantOperator, textOperator].flatMap((make) =>
  RANGES.flatMap((range) => {
    const operator = make(range)
    const negated = NEGATED[range.name]
    return negated ? [operator, complement(negated, operator)] : [operator]
  }),
)

const eb = expressionBuilder<any, any>()

function instantOperator(range: Range<unknown>): Operator {
  const { name, input } = range
  return {
    name,
    kinds: ['timestamp'],
    input,
    value: () => range.value,
    compile: (column, value, scope) => inBounds(column, textsOf(range.bounds(value, scope))),
    evaluate(actual, value, environment) {
      const at = fromTimestamp(actual as Timestamp)
      const { from, until } = range.bounds(value, environment)
      return at >= from && at < until
    },
    ...(range.nextEdge && {
      nextChangeAt: (actual, value, environment) =>
        range.nextEdge!(fromTimestamp(actual as Timestamp), value, environment),
    }),
  }
}

/** A day in a text begins in the tenant's zone; so the bounds are said as the days that begin within them, too. */
function textOperator(range: Range<unknown>): Operator {
  const { name, input } = range
  return {
    name,
    kinds: ['date'],
    input,
    costly: true,
    value: () => range.value,
    compile(column, value, scope) {
      const bounds = range.bounds(value, scope)
      const isDay = sql<SqlBool>`length(${column}) = 10`
      return sql<SqlBool>`(case when ${isDay} then ${inBounds(column, daysOf(bounds, scope))}
        else ${inBounds(column, shortTextsOf(bounds))} end)`
    },
    evaluate(actual, value, environment) {
      const text = isoText(actual as string)
      if (text === null) return false
      const bounds = range.bounds(value, environment)
      const { from, until } = text.length === 10 ? daysOf(bounds, environment) : shortTextsOf(bounds)
      return (from === null || text >= from) && (until === null || text < until)
    },
    ...(range.nextEdge && {
      nextChangeAt(actual, value, environment) {
        const text = isoText(actual as string)
        return text === null ? null : range.nextEdge!(instantOfText(text, environment), value, environment)
      },
    }),
  }
}

/** Bounds as the database compares them; null where there is none, an empty range where nothing can lie. */
interface TextBounds {
  readonly from: string | null
  readonly until: string | null
}

function textsOf({ from, until }: Bounds): TextBounds {
  return { from: lower(from, finiteTimestamp), until: upper(until, finiteTimestamp) }
}

/** Without zone and trailing zeros: what begins with the text comes after it, however many digits it has. */
function shortTextsOf(bounds: Bounds): TextBounds {
  const short = (instant: number): string | null =>
    finiteTimestamp(instant)?.replace(/(?:\.000|0+)?Z$/, '') ?? null
  return { from: lower(bounds.from, short), until: upper(bounds.until, short) }
}

function daysOf(bounds: Bounds, environment: Environment): TextBounds {
  const day = (instant: number): string | null =>
    finiteTimestamp(instant) && firstDateFrom(instant, environment)
  return { from: lower(bounds.from, day), until: upper(bounds.until, day) }
}

function lower(instant: number, text: (instant: number) => string | null): string | null {
  return text(instant) ?? (instant > 0 ? '9999-12-31T23:59:59.999Z' : null)
}

function upper(instant: number, text: (instant: number) => string | null): string | null {
  return text(instant) ?? (instant < 0 ? '0001-01-01T00:00:00.000Z' : null)
}

function inBounds(column: Expression<unknown>, { from, until }: TextBounds): Expression<SqlBool> {
  const parts = [
    ...(from === null ? [] : [eb(column, '>=', from)]),
    ...(until === null ? [] : [eb(column, '<', until)]),
  ]
  return parts.length === 0 ? eb(column, 'is not', null) : eb.and(parts)
}

function instantOfText(text: string, environment: Environment): number {
  if (text.length > 10) return Math.floor(fromTimestamp(`${text.slice(0, 23)}Z`))
  // 30 February comes after the 29th and before 1 March: told of too early, which is allowed, never too late.
  const day = addDays(`${text.slice(0, 8)}01`, Number(text.slice(8)) - 1)
  return startOfDay(day.slice(5, 7) === text.slice(5, 7) ? day : `${text.slice(0, 8)}28`, environment)
}
