import {
  boundsOf,
  durationMs,
  durationSchema,
  windowSchema,
  type Collection,
  type ConditionType,
  type Duration,
  type Facts,
  type Leaf,
  type Window,
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
  isTimedRead,
  isWithin,
  nextRuleChange,
  withinBounds,
  type EventFact,
  type EventFilter,
} from './event-filter.ts'
import { eventsRead } from './event-reads.ts'
import { eventAdvice, eventFields, eventSeen } from './event-words.ts'
import { compileSetAnswer } from './set-answer.ts'

/** `{ type: 'eventReturn', name, where, after, within }`: who did something again after a pause. */
export interface EventReturnLeaf extends Leaf, EventFilter {
  readonly type: 'eventReturn'
  /** The pause was longer than that. */
  readonly after: Duration
  /** When the customer came back. @default ever */
  readonly within?: Window
}

const eb = expressionBuilder<any, any>()

/** One of these events came longer after the one before it than a pause, and lies in the window. */
export const eventReturn: ConditionType<EventReturnLeaf> = {
  name: 'eventReturn',
  scope: 'customer',
  schema: z.strictObject({
    type: z.literal('eventReturn'),
    ...eventFilterShape,
    after: durationSchema,
    within: windowSchema.optional(),
  }) as z.ZodType<EventReturnLeaf>,
  needs: () => [],
  reads: (leaf) => [read(leaf)],
  dependsOn: (leaf) => eventFacts(leaf),
  costly: () => true,
  compile(leaf, scope, negated) {
    const paired = eventsQuery(leaf, undefined, scope)
      .select(['events.customerId', 'events.occurredAt'])
      .select((q) =>
        q.fn
          .agg('lag', ['events.occurredAt'])
          .over((over) => over.partitionBy('events.customerId').orderBy('events.occurredAt'))
          .as('previous'),
      )
    const rows = eb.selectFrom(paired.as('paired')).where((q) => {
      const at = q.ref('paired.occurredAt')
      const over = scope.sql.shifted(q.ref('paired.previous'), durationMs(leaf.after))
      return q.and([q(over, '<', at), ...withinBounds(at, boundsOf(leaf.within, scope), scope)])
    })
    return compileSetAnswer(
      { rows: rows as never, owner: 'paired.customerId', none: false, some: true },
      scope,
      negated,
    )
  },
  evaluate: (leaf, facts) => returnOf(leaf, facts) !== undefined,
  nextChangeAt(leaf, facts) {
    const events = facts.rows(read(leaf))
    const meant = events.filter((one) => isMeant(leaf, one, facts))
    return earliest([nextEventEdge(meant, leaf.within, facts), nextRuleChange([leaf], events, facts)])
  },
  isTimed: (leaf) => isTimedRead([leaf], leaf.within),
  seen(leaf, facts) {
    const found = returnOf(leaf, facts)
    return found && { event: eventSeen(found.event), after: eventSeen(found.previous) }
  },
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    {
      type: 'eventReturn',
      name: 'order.placed',
      after: { amount: 90, unit: 'day' },
      within: { last: { amount: 14, unit: 'day' } },
    },
  ],
  editor: { fields: [...eventFields(['within']), { name: 'after', kind: 'duration', operators: [] }] },
  advise: (leaf, ctx) => eventAdvice([leaf], ctx),
}

function read(leaf: EventReturnLeaf): Collection<EventFact> {
  return eventsRead([leaf])
}

/** The last return, with the event before it. */
function returnOf(
  leaf: EventReturnLeaf,
  facts: Facts,
): { readonly event: EventFact; readonly previous: EventFact } | undefined {
  const events = happened(leaf, facts, { events: read(leaf) })
  const pause = durationMs(leaf.after)
  for (let place = events.length - 1; place > 0; place--) {
    const [previous, event] = [events[place - 1]!, events[place]!]
    if (event.at - previous.at > pause && isWithin(event.at, leaf.within, facts)) return { event, previous }
  }
  return undefined
}
