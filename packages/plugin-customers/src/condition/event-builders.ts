import {
  BuiltCondition,
  durationOf,
  questions,
  windowOf,
  type CalendarWindow,
  type Duration,
  type DurationText,
  type JsonQuestions,
  type NumberQuestions,
  type QuestionsOf,
  type Window,
} from '@clientele/conditions'
import type { AnyCustomerEvent, EventOf } from '../declaration/customer-event.ts'
import type { EventAggregateLeaf } from './event-aggregate.ts'
import type { EventLeaf } from './event-count.ts'
import type { EventFilter, PropertyRule } from './event-filter.ts'
import type { EventSequenceLeaf } from './event-sequence.ts'
import type { NthEventLeaf } from './nth-event.ts'
import type { NumberComparison, NumberOperator } from './number-comparison.ts'
import type { TimeSinceEventLeaf } from './time-since-event.ts'

type Length = DurationText | Duration
type Stretch = DurationText | Window

/** Which events: a name, several names, or an event declared by `defineCustomerEvent`. */
export type EventLike = string | readonly string[] | AnyCustomerEvent

/** The properties of an event as questions: those that were declared, or any. */
export type PropertiesOf<E> = E extends AnyCustomerEvent
  ? { readonly [K in keyof EventOf<E> & string]-?: QuestionsOf<EventOf<E>[K]> }
  : Readonly<Record<string, JsonQuestions>>

/** Says which events are meant by their properties; all of the rules must be met. */
export type PropertyRules<E> = (properties: PropertiesOf<E>) => BuiltCondition | readonly BuiltCondition[]

/**
 * How often a customer did something; at least once unless more is said.
 *
 * @example
 * performed('order.placed').atLeast(3).within('90d')
 * performed(ProductViewed).where(({ price }) => price.gte(10)).never()
 */
export function performed<const E extends EventLike>(event: E): PerformedBuilder<E> {
  return new PerformedBuilder<E>({ type: 'event', name: nameOf(event) })
}

/** Builds `event` conditions; each step answers a new one. */
export class PerformedBuilder<E extends EventLike> extends BuiltCondition {
  readonly #leaf: EventLeaf

  constructor(leaf: EventLeaf) {
    super(leaf)
    this.#leaf = leaf
  }

  /** Only events with these properties. */
  where(rules: PropertyRules<E>): PerformedBuilder<E> {
    return new PerformedBuilder({ ...this.#leaf, where: [...(this.#leaf.where ?? []), ...rulesBy(rules)] })
  }

  /** Only events of that time; `90d` are the 90 times 24 hours that end now. */
  within(stretch: Stretch): PerformedBuilder<E> {
    return new PerformedBuilder({ ...this.#leaf, within: windowOf(stretch) })
  }

  atLeast(times: number): PerformedBuilder<E> {
    return this.#counted('gte', times)
  }

  atMost(times: number): PerformedBuilder<E> {
    return this.#counted('lte', times)
  }

  exactly(times: number): PerformedBuilder<E> {
    return this.#counted('is', times)
  }

  /** Both ends belong to it. */
  between(from: number, to: number): PerformedBuilder<E> {
    return this.#counted('between', [from, to])
  }

  /** Not once. */
  never(): PerformedBuilder<E> {
    return this.#counted('is', 0)
  }

  /** The sum of a number among the properties. */
  sum(property: PropertyNameOf<E>): FigureQuestions {
    return this.#figure('sum', property)
  }

  average(property: PropertyNameOf<E>): FigureQuestions {
    return this.#figure('avg', property)
  }

  min(property: PropertyNameOf<E>): FigureQuestions {
    return this.#figure('min', property)
  }

  max(property: PropertyNameOf<E>): FigureQuestions {
    return this.#figure('max', property)
  }

  /** How many different values the property had. */
  countDistinct(property: PropertyNameOf<E>): FigureQuestions {
    return this.#figure('countDistinct', property)
  }

  /** In at least so many of some periods of the calendar: `regularly(4, { calendar: 'month', from: -6, to: -1 })`. */
  regularly(atLeast: number, within: CalendarWindow): BuiltCondition {
    return new BuiltCondition({ type: 'eventPeriods', ...this.filter(), within, atLeast })
  }

  /** They did it, and not any more since so long. */
  stopped(since: Length): BuiltCondition {
    return this.#since('gt', durationOf(since))
  }

  /** The last time was less than so long ago. */
  lessThanAgo(length: Length): BuiltCondition {
    return this.#since('lt', durationOf(length))
  }

  /** They did it again after a pause of more than so long. */
  returnedAfter(pause: Length, within?: Stretch): BuiltCondition {
    const window = within === undefined ? {} : { within: windowOf(within) }
    return new BuiltCondition({ type: 'eventReturn', ...this.filter(), after: durationOf(pause), ...window })
  }

  /** Which events are meant, without how often and when. */
  filter(): EventFilter {
    const { name, where } = this.#leaf
    return where ? { name, where } : { name }
  }

  #counted(operator: NumberOperator, value: NumberComparison['value']): PerformedBuilder<E> {
    return new PerformedBuilder({ ...this.#leaf, count: { operator, value } })
  }

  #figure(aggregate: EventAggregateLeaf['aggregate'], property: string): FigureQuestions {
    const { count: _, type: __, ...rest } = this.#leaf
    const compared = (operator: NumberOperator, value: NumberComparison['value']): BuiltCondition =>
      new BuiltCondition({ type: 'eventAggregate', ...rest, property, aggregate, operator, value })
    return {
      is: (value) => compared('is', value),
      isNot: (value) => compared('isNot', value),
      gt: (value) => compared('gt', value),
      gte: (value) => compared('gte', value),
      lt: (value) => compared('lt', value),
      lte: (value) => compared('lte', value),
      between: (from, to) => compared('between', [from, to]),
    }
  }

  #since(operator: TimeSinceEventLeaf['operator'], value: Duration): BuiltCondition {
    return new BuiltCondition({ type: 'timeSinceEvent', ...this.filter(), operator, value })
  }
}

/** The names of an event's properties. */
export type PropertyNameOf<E> = keyof PropertiesOf<E> & string

/** Questions about a figure over events. */
export type FigureQuestions = Pick<NumberQuestions, 'is' | 'isNot' | 'gt' | 'gte' | 'lt' | 'lte' | 'between'>

/** The first event of a name that there ever was: `firstEvent('order.placed').within('30d')`. */
export function firstEvent<const E extends EventLike>(event: E): NthEventBuilder<E> {
  return nthEventOf(1, event)
}

/** The last event of a name up to now: `lastEvent(ProductViewed).where(({ category }) => category.is('Tea'))`. */
export function lastEvent<const E extends EventLike>(event: E): NthEventBuilder<E> {
  return nthEventOf(-1, event)
}

/** The n-th event of a name; -2 is the last but one. */
export function nthEventOf<const E extends EventLike>(nth: number, event: E): NthEventBuilder<E> {
  return new NthEventBuilder<E>({ type: 'nthEvent', name: nameOf(event), nth })
}

/** Builds `nthEvent` conditions; each step answers a new one. */
export class NthEventBuilder<E extends EventLike> extends BuiltCondition {
  readonly #leaf: NthEventLeaf

  constructor(leaf: NthEventLeaf) {
    super(leaf)
    this.#leaf = leaf
  }

  /** What that event was like; it does not choose which one it is. */
  where(rules: PropertyRules<E>): NthEventBuilder<E> {
    return new NthEventBuilder({ ...this.#leaf, where: [...(this.#leaf.where ?? []), ...rulesBy(rules)] })
  }

  /** When that event was. */
  within(stretch: Stretch): NthEventBuilder<E> {
    return new NthEventBuilder({ ...this.#leaf, within: windowOf(stretch) })
  }
}

type Step = EventLike | PerformedBuilder<any>

/**
 * One event and then another, with anything between them.
 *
 * @example
 * sequence('Product Viewed', 'Product Added').inside('1h').without('order.placed')
 */
export function sequence(first: Step, second: Step, ...more: readonly Step[]): SequenceBuilder {
  return new SequenceBuilder({ type: 'eventSequence', steps: [first, second, ...more].map(filterOf) })
}

/** Builds `eventSequence` conditions; each step answers a new one. */
export class SequenceBuilder extends BuiltCondition {
  readonly #leaf: EventSequenceLeaf

  constructor(leaf: EventSequenceLeaf) {
    super(leaf)
    this.#leaf = leaf
  }

  /** From the first event to the last it took no longer. */
  inside(length: Length): SequenceBuilder {
    return new SequenceBuilder({ ...this.#leaf, span: durationOf(length) })
  }

  /** That did not happen between the first and the last. */
  without(event: Step): SequenceBuilder {
    return new SequenceBuilder({ ...this.#leaf, without: filterOf(event) })
  }

  within(stretch: Stretch): SequenceBuilder {
    return new SequenceBuilder({ ...this.#leaf, within: windowOf(stretch) })
  }
}

function filterOf(step: Step): EventFilter {
  return step instanceof PerformedBuilder ? step.filter() : { name: nameOf(step) }
}

function nameOf(event: EventLike): EventFilter['name'] {
  if (typeof event === 'string') return event
  return '$$type' in event ? (event.name as string) : event
}

function rulesBy<E>(rules: PropertyRules<E>): readonly PropertyRule[] {
  const properties = new Proxy(
    {},
    { get: (_, property) => questions((asked) => ({ type: 'property', property, ...asked })) },
  ) as PropertiesOf<E>
  const built = rules(properties)
  return (built instanceof BuiltCondition ? [built] : built).map(ruleOf)
}

function ruleOf(built: BuiltCondition): PropertyRule {
  const condition = built.toJSON()
  if (!('type' in condition) || condition.type !== 'property')
    throw new TypeError(
      'Cannot ask that of an event: "where" takes questions about its properties, and a list of them for several',
    )
  const { type: _, ...rule } = condition
  return rule as typeof rule & PropertyRule
}
