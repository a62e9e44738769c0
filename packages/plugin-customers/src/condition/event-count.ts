import {
  boundsOf,
  ownerOf,
  windowSchema,
  type Collection,
  type ConditionType,
  type Facts,
  type Leaf,
  type Measure,
  type Window,
} from '@clientele/conditions'
import { expressionBuilder } from 'kysely'
import * as z from 'zod'
import { earliest, nextCountChange } from './event-edges.ts'
import {
  eventFacts,
  eventFilterShape,
  eventsQuery,
  happened,
  isMeant,
  isTimedRead,
  nextRuleChange,
  type EventFact,
  type EventFilter,
} from './event-filter.ts'
import { eventsRead } from './event-reads.ts'
import { eventAdvice, eventFields, lastSeen } from './event-words.ts'
import {
  compiledComparison,
  countSchema,
  fromOneOn,
  holds,
  type NumberComparison,
} from './number-comparison.ts'
import { compileSetAnswer } from './set-answer.ts'

/** `{ type: 'event', name, where, within, count }`: how often a customer did something. */
export interface EventLeaf extends Leaf, EventFilter {
  readonly type: 'event'
  readonly within?: Window
  /** @default at least once */
  readonly count?: NumberComparison
}

const ONCE: NumberComparison = { operator: 'gte', value: 1 }

const eb = expressionBuilder<any, any>()

/** How many events of a name, with such properties, lie in a window. */
export const eventCount: ConditionType<EventLeaf> = {
  name: 'event',
  scope: 'customer',
  schema: z.strictObject({
    type: z.literal('event'),
    ...eventFilterShape,
    within: windowSchema.optional(),
    count: countSchema.optional(),
  }) as z.ZodType<EventLeaf>,
  needs: () => [],
  reads: (leaf) => [read(leaf)],
  dependsOn: (leaf) => eventFacts(leaf),
  costly: () => true,
  compile(leaf, scope, negated) {
    const count = leaf.count ?? ONCE
    return compileSetAnswer(
      {
        rows: eventsQuery(leaf, leaf.within, scope),
        owner: 'events.customerId',
        within: leaf.within,
        none: holds(0, count.operator, count.value),
        some: fromOneOn(count) ?? compiledComparison(eb.fn.countAll(), count),
      },
      scope,
      negated,
    )
  },
  evaluate: (leaf, facts) => answer(leaf, found(leaf, facts).length),
  nextChangeAt(leaf, facts) {
    const events = facts.rows(read(leaf))
    const meant = events.filter((one) => isMeant(leaf, one, facts))
    const count = found(leaf, facts).length
    const change = nextCountChange(meant, leaf.within, facts, { count, answer: (n) => answer(leaf, n) })
    return earliest([change, nextRuleChange([leaf], events, facts)])
  },
  isTimed: (leaf) => isTimedRead([leaf], leaf.within),
  lasting: ({ count = ONCE }) => lastingOf(count),
  measure: {
    schema: z.strictObject({
      type: z.literal('event'),
      ...eventFilterShape,
      within: windowSchema.optional(),
    }) as z.ZodType<EventLeaf>,
    needs: () => [],
    reads: (by) => [read(by)],
    dependsOn: (by) => eventFacts(by),
    compile: (by, scope) => ({
      rows: eventsQuery(by, by.within, scope)
        .groupBy(ownerOf('events.customerId', by.within, scope))
        .select(['events.customerId as id', eb.fn.countAll<number>().as('value')]),
    }),
    evaluate: (by, facts) => found(by, facts).length || null,
    advise: (by, ctx) => eventAdvice([by], ctx),
    examples: [
      { type: 'event', name: 'Product Viewed', within: { last: { amount: 30, unit: 'day' } } },
    ] as EventLeaf[],
  } satisfies Measure<EventLeaf>,
  seen(leaf, facts) {
    const events = found(leaf, facts)
    return { count: events.length, ...lastSeen(events) }
  },
  describe: ({ type, ...params }) => ({
    key: `conditions.${type}.${params.count?.operator ?? ONCE.operator}`,
    params,
  }),
  examples: [
    { type: 'event', name: 'Product Viewed', within: { last: { amount: 7, unit: 'day' } } },
    { type: 'event', name: 'order.placed', count: { operator: 'gte', value: 3 } },
    {
      type: 'event',
      name: ['Product Viewed', 'Product Added'],
      where: [{ property: 'category', operator: 'is', value: 'Tea' }],
      within: { calendar: 'month', from: -1, to: -1 },
      count: { operator: 'is', value: 0 },
    },
  ],
  editor: { fields: eventFields(['count', 'within']) },
  advise: (leaf, ctx) => eventAdvice([leaf], ctx),
}

/** A count only rises as events come: what is met by it then stays so, or what is not met. */
function lastingOf({ operator, value }: NumberComparison): boolean | undefined {
  const least = typeof value === 'number' ? value : value[0]
  if (operator === 'gte' || operator === 'gt' || (operator === 'isNot' && least === 0)) return true
  const isUpTo = operator === 'lt' || operator === 'lte' || least === 0
  return isUpTo && operator !== 'isNot' ? false : undefined
}

/** Evaluators ask for it once a customer. */
const readings = new WeakMap<EventLeaf, Collection<EventFact>>()

function read(leaf: EventLeaf): Collection<EventFact> {
  let reading = readings.get(leaf)
  if (!reading) {
    reading = eventsRead([leaf], { within: leaf.within, latest: decidingOf(leaf) })
    readings.set(leaf, reading)
  }
  return reading
}

/** How many of the latest events decide: with more than one beyond the number asked about the answer is the same. */
function decidingOf({
  where = [],
  within,
  count: { operator, value } = ONCE,
}: EventLeaf): number | undefined {
  if (where.length > 0 || !reachesNow(within)) return undefined
  const last = typeof value === 'number' ? value : value[1]
  return Math.max(1, operator === 'gte' || operator === 'lt' ? last : last + 1)
}

/** What happens now lies in the window, and what lies in it leaves it oldest first. */
function reachesNow(window: Window | undefined): boolean {
  if (!window || 'last' in window) return true
  return 'calendar' in window ? window.to >= 0 : window.to === undefined
}

function found(leaf: EventLeaf, facts: Facts): readonly EventFact[] {
  return happened(leaf, facts, { ...boundsOf(leaf.within, facts), events: read(leaf) })
}

function answer({ count = ONCE }: EventLeaf, number: number): boolean {
  return holds(number, count.operator, count.value)
}
