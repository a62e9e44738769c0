import {
  durationMs,
  durationSchema,
  type Collection,
  type ConditionType,
  type Duration,
  type Facts,
  type Leaf,
} from '@clientele/conditions'
import { expressionBuilder } from 'kysely'
import * as z from 'zod'
import { earliest, nextEventEdge } from './event-edges.ts'
import {
  eventFacts,
  eventFilterShape,
  eventsQuery,
  happened,
  isMeant,
  nextRuleChange,
  withinBounds,
  type EventFact,
  type EventFilter,
} from './event-filter.ts'
import { eventsRead } from './event-reads.ts'
import { eventAdvice, eventFields, lastSeen } from './event-words.ts'
import { compileSetAnswer } from './set-answer.ts'

const operators = ['lt', 'lte', 'gt', 'gte', 'between'] as const

/**
 * `{ type: 'timeSinceEvent', name, where, operator, value }`: how long ago a customer did it last. `gt` is who did it and
 * has stopped.
 */
export interface TimeSinceEventLeaf extends Leaf, EventFilter {
  readonly type: 'timeSinceEvent'
  readonly operator: (typeof operators)[number]
  /** `between` takes two; both ends belong to it. */
  readonly value: Duration | readonly [Duration, Duration]
}

const eb = expressionBuilder<any, any>()

/** How long ago the last of these events was; whoever has none is not met by any operator. */
export const timeSinceEvent: ConditionType<TimeSinceEventLeaf> = {
  name: 'timeSinceEvent',
  scope: 'customer',
  schema: z
    .strictObject({
      type: z.literal('timeSinceEvent'),
      ...eventFilterShape,
      operator: z.enum(operators),
      value: z.union([durationSchema, z.tuple([durationSchema, durationSchema])]),
    })
    .refine(({ operator, value }) => (operator === 'between') === Array.isArray(value), {
      path: ['value'],
      message: '"between" takes two lengths of time, every other operator one',
    }) as unknown as z.ZodType<TimeSinceEventLeaf>,
  needs: () => [],
  reads: (leaf) => [read(leaf)],
  dependsOn: (leaf) => eventFacts(leaf),
  costly: () => true,
  compile(leaf, scope, negated) {
    const last = eb.fn.max(eb.ref('events.occurredAt'))
    const { from, until } = stretchOf(leaf, scope.now)
    return compileSetAnswer(
      {
        rows: eventsQuery(leaf, undefined, scope),
        owner: 'events.customerId',
        none: false,
        some: eb.and(withinBounds(last, { from, until }, scope)),
      },
      scope,
      negated,
    )
  },
  evaluate(leaf, facts) {
    const last = found(leaf, facts).at(-1)
    const { from, until } = stretchOf(leaf, facts.now)
    return last !== undefined && last.at >= from && last.at < until
  },
  nextChangeAt(leaf, facts) {
    const last = found(leaf, facts).at(-1)
    const events = facts.rows(read(leaf))
    const meant = events.filter((one) => isMeant(leaf, one, facts))
    const edges = last ? lengthsOf(leaf).flatMap((ms) => [last.at + ms, last.at + ms + 1]) : []
    return earliest([
      nextEventEdge(meant, undefined, facts),
      nextRuleChange([leaf], events, facts),
      ...edges.filter((at) => at > facts.now),
    ])
  },
  isTimed: () => true,
  seen: (leaf, facts) => (found(leaf, facts).length > 0 ? lastSeen(found(leaf, facts)) : undefined),
  describe: ({ type, ...params }) => ({ key: `conditions.${type}.${params.operator}`, params }),
  examples: [
    {
      type: 'timeSinceEvent',
      name: 'order.placed',
      operator: 'gt',
      value: { amount: 90, unit: 'day' },
    },
    {
      type: 'timeSinceEvent',
      name: 'Product Viewed',
      operator: 'between',
      value: [
        { amount: 1, unit: 'day' },
        { amount: 7, unit: 'day' },
      ],
    },
  ],
  editor: {
    fields: [...eventFields([]), { name: 'value', kind: 'duration', operators, inputs: { between: 'pair' } }],
  },
  advise: (leaf, ctx) => eventAdvice([leaf], ctx),
}

function read(leaf: TimeSinceEventLeaf): Collection<EventFact> {
  return eventsRead([leaf], leaf.where?.length ? {} : { latest: 1 })
}

function found(leaf: TimeSinceEventLeaf, facts: Facts): readonly EventFact[] {
  return happened(leaf, facts, { events: read(leaf) })
}

function lengthsOf({ value }: TimeSinceEventLeaf): readonly number[] {
  return (Array.isArray(value) ? value : [value]).map((one) => durationMs(one as Duration))
}

/** Where the last event must lie. */
function stretchOf(leaf: TimeSinceEventLeaf, now: number): { readonly from: number; readonly until: number } {
  const [a, b = a] = lengthsOf(leaf) as [number, number?]
  if (leaf.operator === 'between') return { from: now - b, until: now - a + 1 }
  if (leaf.operator === 'lt') return { from: now - a + 1, until: Infinity }
  if (leaf.operator === 'lte') return { from: now - a, until: Infinity }
  return { from: -Infinity, until: leaf.operator === 'gt' ? now - a : now - a + 1 }
}
