import {
  boundsOf,
  windowSchema,
  type Collection,
  type ConditionType,
  type Facts,
  type Leaf,
  type SqlScope,
  type Window,
} from '@clientele/conditions'
import { expressionBuilder, sql, type Expression, type SelectQueryBuilder, type SqlBool } from 'kysely'
import * as z from 'zod'
import { earliest, nextEventEdge } from './event-edges.ts'
import {
  eventFacts,
  eventFilterShape,
  eventsQuery,
  happened,
  isMeant,
  isTimedRead,
  isWithin,
  nextRuleChange,
  rulesOf,
  withinBounds,
  type EventFact,
  type EventFilter,
} from './event-filter.ts'
import { eventsRead } from './event-reads.ts'
import { eventAdvice, eventFields, eventSeen } from './event-words.ts'
import { compileSetAnswer } from './set-answer.ts'

/** `{ type: 'nthEvent', name, nth, where, within }`: what a customer's first, last or n-th event of a name was like. */
export interface NthEventLeaf extends Leaf, EventFilter {
  readonly type: 'nthEvent'
  /** 1 is the first there ever was, 2 the second; -1 is the last, -2 the last but one. */
  readonly nth: number
  readonly within?: Window
}

const eb = expressionBuilder<any, any>()

/**
 * The n-th of all events of a name: whether there is one, what its properties are, and when it was. `where` and `within`
 * are asked of that event; they do not choose which one it is. Events of one instant follow each other by their ids.
 */
export const nthEvent: ConditionType<NthEventLeaf> = {
  name: 'nthEvent',
  scope: 'customer',
  schema: z.strictObject({
    type: z.literal('nthEvent'),
    ...eventFilterShape,
    nth: z
      .number()
      .int()
      .min(-1000)
      .max(1000)
      .refine((nth) => nth !== 0, 'must be 1 for the first, -1 for the last, and so on'),
    within: windowSchema.optional(),
  }) as z.ZodType<NthEventLeaf>,
  needs: () => [],
  reads: (leaf) => [read(leaf)],
  dependsOn: (leaf) => eventFacts(leaf),
  costly: () => true,
  compile(leaf, scope, negated) {
    const rows = isEnd(leaf) ? ofEnds(leaf, scope) : ofPlaces(leaf, scope)
    return compileSetAnswer({ none: false, ...rows }, scope, negated)
  },
  evaluate(leaf, facts) {
    const event = nthOf(leaf, facts)
    return event !== undefined && isMeant(leaf, event, facts) && isWithin(event.at, leaf.within, facts)
  },
  nextChangeAt(leaf, facts) {
    const events = facts.rows(read(leaf))
    return earliest([nextEventEdge(events, leaf.within, facts), nextRuleChange([leaf], events, facts)])
  },
  isTimed: (leaf) => isTimedRead([leaf], leaf.within),
  seen(leaf, facts) {
    const event = nthOf(leaf, facts)
    return event && { event: eventSeen(event), ...(leaf.where ? { properties: event.properties } : {}) }
  },
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    { type: 'nthEvent', name: 'order.placed', nth: 1, within: { last: { amount: 30, unit: 'day' } } },
    {
      type: 'nthEvent',
      name: 'Product Viewed',
      nth: -1,
      where: [{ property: 'category', operator: 'is', value: 'Tea' }],
    },
    { type: 'nthEvent', name: 'order.placed', nth: 3, within: { calendar: 'year', from: 0, to: 0 } },
  ],
  editor: {
    fields: [...eventFields(['within']), { name: 'nth', kind: 'number', operators: [] }],
  },
  advise: (leaf, ctx) => eventAdvice([leaf], ctx),
}

function read(leaf: NthEventLeaf): Collection<EventFact> {
  return eventsRead([leaf], leaf.nth < 0 ? { latest: -leaf.nth } : {})
}

function nthOf(leaf: NthEventLeaf, facts: Facts): EventFact | undefined {
  const events = happened({ name: leaf.name }, facts, { events: read(leaf) })
  return events.at(leaf.nth > 0 ? leaf.nth - 1 : leaf.nth)
}

interface Rows {
  readonly owner: string
  readonly rows: SelectQueryBuilder<any, any, {}>
  readonly some: boolean | Expression<SqlBool>
}

/** Only the time of the first or last is asked about, which a group of events knows. */
function isEnd({ nth, where = [] }: NthEventLeaf): boolean {
  return Math.abs(nth) === 1 && where.length === 0
}

function ofEnds(leaf: NthEventLeaf, scope: SqlScope): Rows {
  const column = eb.ref('events.occurredAt')
  const end = leaf.nth === 1 ? eb.fn.min(column) : eb.fn.max(column)
  const terms = withinBounds(end, boundsOf(leaf.within, scope), scope)
  return {
    rows: eventsQuery({ name: leaf.name }, undefined, scope),
    owner: 'events.customerId',
    some: leaf.within ? eb.and(terms) : true,
  }
}

/** Every event with its place among the customer's, and of these the one that is asked about. */
function ofPlaces(leaf: NthEventLeaf, scope: SqlScope): Rows {
  const direction = leaf.nth > 0 ? 'asc' : 'desc'
  const placed = eventsQuery({ name: leaf.name }, undefined, scope)
    .select(['events.customerId', 'events.occurredAt', 'events.properties'])
    .select((q) =>
      q.fn
        .agg<number>('row_number')
        .over((over) =>
          over
            .partitionBy('events.customerId')
            .orderBy('events.occurredAt', direction)
            .orderBy('events.id', direction),
        )
        .as('place'),
    )
  const rows = eb
    .selectFrom(placed.as('placed'))
    .where('placed.place', '=', sql.lit(Math.abs(leaf.nth)))
    .where((q) =>
      q.and([
        ...withinBounds(q.ref('placed.occurredAt'), boundsOf(leaf.within, scope), scope),
        ...rulesOf(leaf, scope, q.ref('placed.properties')),
      ]),
    )
  return { rows: rows as never, owner: 'placed.customerId', some: true }
}
