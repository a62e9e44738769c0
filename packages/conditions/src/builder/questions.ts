import type { Leaf } from '../condition.ts'
import type { Count } from '../operator/count.ts'
import type { JsonType } from '../operator/json-operators.ts'
import type { Duration, Window } from '../window/window.ts'
import { BuiltCondition } from './built-condition.ts'
import { durationOf, windowOf, type DurationText } from './built-time.ts'

type Scalar = string | number | boolean
type Length = DurationText | Duration
/** A day of the tenant's calendar, or an instant with its zone. */
type Moment = string
type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'

/** Questions that can be asked of any value. */
export interface AnyQuestions {
  isSet(): BuiltCondition
  isNotSet(): BuiltCondition
}

/** Questions about one of a set of values. */
export interface ValueQuestions<V> extends AnyQuestions {
  is(value: V): BuiltCondition
  /** The exact complement of `is`: a missing value is met. */
  isNot(value: V): BuiltCondition
  in(values: readonly V[]): BuiltCondition
  notIn(values: readonly V[]): BuiltCondition
}

/** Questions about a text. The partial ones fold A to Z and nothing else. */
export interface TextQuestions<V extends string = string> extends ValueQuestions<V> {
  /** Neither missing nor empty. */
  isNotEmpty(): BuiltCondition
  isEmpty(): BuiltCondition
  contains(part: string): BuiltCondition
  notContains(part: string): BuiltCondition
  startsWith(part: string): BuiltCondition
  notStartsWith(part: string): BuiltCondition
  endsWith(part: string): BuiltCondition
  notEndsWith(part: string): BuiltCondition
  /** `*` is any run of characters, `?` is one. */
  like(pattern: string): BuiltCondition
  notLike(pattern: string): BuiltCondition
  length(operator: Count['operator'], value: number): BuiltCondition
  domainIs(domain: string): BuiltCondition
  domainIn(domains: readonly string[]): BuiltCondition
}

/** Questions about a number; money is asked for in major units. */
export interface NumberQuestions extends ValueQuestions<number> {
  gt(value: number): BuiltCondition
  gte(value: number): BuiltCondition
  lt(value: number): BuiltCondition
  lte(value: number): BuiltCondition
  /** Both ends belong to it. */
  between(from: number, to: number): BuiltCondition
  notBetween(from: number, to: number): BuiltCondition
  mod(divisor: number, remainder: number): BuiltCondition
}

/** Questions about yes and no. */
export interface BooleanQuestions extends AnyQuestions {
  is(value: boolean): BuiltCondition
  isNot(value: boolean): BuiltCondition
}

/** Questions about an instant, or about a text that is a day or an instant in ISO form. */
export interface TimeQuestions extends AnyQuestions {
  before(moment: Moment): BuiltCondition
  after(moment: Moment): BuiltCondition
  between(from: Moment, until: Moment): BuiltCondition
  on(day: string): BuiltCondition
  notOn(day: string): BuiltCondition
  within(window: Window | DurationText): BuiltCondition
  notWithin(window: Window | DurationText): BuiltCondition
  inLast(length: Length): BuiltCondition
  notInLast(length: Length): BuiltCondition
  olderThan(length: Length): BuiltCondition
  inNext(length: Length): BuiltCondition
  notInNext(length: Length): BuiltCondition
  moreThanFromNow(length: Length): BuiltCondition
  /** At least the first ago and at most the second. */
  betweenAgo(near: Length, far: Length): BuiltCondition
  /** The day comes round within so many days of today: `anniversary(0, 7)` is a birthday in the next week. */
  anniversary(from: number, to: number): BuiltCondition
  age(years: { readonly from?: number; readonly to?: number }): BuiltCondition
  dayOfWeek(...days: readonly Weekday[]): BuiltCondition
  dayOfMonth(...days: readonly number[]): BuiltCondition
  month(...months: readonly number[]): BuiltCondition
  hour(...hours: readonly number[]): BuiltCondition
}

/** Questions about a list in JSON. */
export interface ListQuestions<E> extends AnyQuestions {
  includes(element: E & Scalar): BuiltCondition
  notIncludes(element: E & Scalar): BuiltCondition
  includesAny(...elements: readonly (E & Scalar)[]): BuiltCondition
  includesNone(...elements: readonly (E & Scalar)[]): BuiltCondition
  includesAll(...elements: readonly (E & Scalar)[]): BuiltCondition
  subsetOf(...elements: readonly (E & Scalar)[]): BuiltCondition
  size(operator: Count['operator'], value: number): BuiltCondition
  hasElement(
    ...rules: readonly { readonly property?: string; readonly operator: string; readonly value?: unknown }[]
  ): BuiltCondition
}

/** Questions about a value in JSON whose type is known to nobody. */
export interface JsonQuestions
  extends
    Omit<TextQuestions, 'is' | 'isNot' | 'in' | 'notIn' | 'length'>,
    Omit<NumberQuestions, 'is' | 'isNot' | 'in' | 'notIn' | 'between'>,
    Omit<TimeQuestions, 'between'>,
    Omit<ListQuestions<Scalar>, never> {
  is(value: Scalar): BuiltCondition
  isNot(value: Scalar): BuiltCondition
  in(values: readonly (string | number)[]): BuiltCondition
  notIn(values: readonly (string | number)[]): BuiltCondition
  between(from: number | Moment, to: number | Moment): BuiltCondition
  typeIs(type: JsonType): BuiltCondition
}

/** The questions that fit values of a type: `QuestionsOf<'free' | 'pro'>` knows the two. */
export type QuestionsOf<V> = [NonNullable<V>] extends [boolean]
  ? BooleanQuestions
  : [NonNullable<V>] extends [number]
    ? NumberQuestions
    : [NonNullable<V>] extends [string]
      ? TextQuestions<NonNullable<V>> & Omit<TimeQuestions, keyof TextQuestions>
      : [NonNullable<V>] extends [readonly (infer E)[]]
        ? ListQuestions<E>
        : JsonQuestions

/**
 * Questions that become leaves by `leafOf`. Which of them the types allow is `Q`; all are there at run time.
 *
 * @example
 * const trait = (name: string) => questions<JsonQuestions>((asked) => ({ type: 'trait', name, ...asked }))
 */
export function questions<Q>(leafOf: (asked: Asked) => Leaf): Q {
  return new Proxy(
    {},
    {
      get(_, operator) {
        if (typeof operator !== 'string' || operator === 'then') return undefined
        return (...given: readonly unknown[]) => new BuiltCondition(leafOf(askedBy(operator, given)))
      },
    },
  ) as Q
}

/** What a question adds to a leaf. */
export interface Asked {
  readonly operator: string
  readonly value?: unknown
}

/** How the arguments of a question become its value; the others take one as it is. */
// `any`: what a question takes is checked where it is declared, in the interfaces above.
const VALUES: Readonly<Record<string, (given: readonly any[]) => unknown>> = {
  length: count,
  size: count,
  between: pair,
  notBetween: pair,
  mod: ([divisor, remainder]) => ({ divisor, remainder }),
  within: ([window]) => windowOf(window as Window),
  notWithin: ([window]) => windowOf(window as Window),
  inLast: duration,
  notInLast: duration,
  olderThan: duration,
  inNext: duration,
  notInNext: duration,
  moreThanFromNow: duration,
  betweenAgo: ([near, far]) => [durationOf(near as Length), durationOf(far as Length)],
  anniversary: ([from, to]) => ({ from, to }),
  dayOfWeek: every,
  dayOfMonth: every,
  month: every,
  hour: every,
  includesAny: every,
  includesNone: every,
  includesAll: every,
  subsetOf: every,
  hasElement: every,
}

function askedBy(operator: string, given: readonly unknown[]): Asked {
  if (given.length === 0) return { operator }
  return { operator, value: (VALUES[operator] ?? (([value]) => value as unknown))(given) }
}

function count([operator, value]: readonly unknown[]): unknown {
  return { operator, value }
}

function pair([from, to]: readonly unknown[]): unknown {
  return [from, to]
}

function every(given: readonly unknown[]): unknown {
  return [...given]
}

function duration([length]: readonly unknown[]): unknown {
  return durationOf(length as Length)
}
