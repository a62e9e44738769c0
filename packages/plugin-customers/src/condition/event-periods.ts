import {
  CALENDAR_UNITS,
  type CalendarWindow,
  type Collection,
  type ConditionType,
  type Environment,
  type Facts,
  type Leaf,
} from '@clientele/conditions'
import { toTimestamp } from '@clientele/core'
import { expressionBuilder, sql } from 'kysely'
import * as z from 'zod'
import { earliest, nextEventEdge, periodsOf } from './event-edges.ts'
import {
  eventFacts,
  eventFilterShape,
  eventsQuery,
  happened,
  isMeant,
  nextRuleChange,
  type EventFact,
  type EventFilter,
} from './event-filter.ts'
import { eventsRead } from './event-reads.ts'
import { eventAdvice, eventFields, lastSeen } from './event-words.ts'
import { compileSetAnswer } from './set-answer.ts'

/** `{ type: 'eventPeriods', name, where, within, atLeast }`: who did something regularly. */
export interface EventPeriodsLeaf extends Leaf, EventFilter {
  readonly type: 'eventPeriods'
  /** The periods: `{ calendar: 'month', from: -6, to: -1 }` are the last six whole months. */
  readonly within: CalendarWindow
  /** In how many of them the customer did it. */
  readonly atLeast: number
}

const MOST_PERIODS = 366

const eb = expressionBuilder<any, any>()

/** In at least so many of some calendar periods the customer did it. */
export const eventPeriods: ConditionType<EventPeriodsLeaf> = {
  name: 'eventPeriods',
  scope: 'customer',
  schema: z
    .strictObject({
      type: z.literal('eventPeriods'),
      ...eventFilterShape,
      within: z.strictObject({
        calendar: z.enum(CALENDAR_UNITS),
        from: z.number().int().min(-1000).max(0),
        to: z.number().int().min(-1000).max(0).default(0),
      }),
      atLeast: z.number().int().min(1).max(MOST_PERIODS),
    })
    .superRefine(({ within: { from, to }, atLeast }, ctx) => {
      const issue = (path: string[], message: string) => ctx.addIssue({ code: 'custom', path, message })
      if (from > to) return issue(['within', 'from'], 'must not come after "to"')
      const count = to - from + 1
      if (count > MOST_PERIODS)
        return issue(['within', 'from'], `must lead to ${MOST_PERIODS} periods at most`)
      if (atLeast > count) issue(['atLeast'], `must not be more than the ${count} periods there are`)
    }) as unknown as z.ZodType<EventPeriodsLeaf>,
  needs: () => [],
  reads: (leaf) => [read(leaf)],
  dependsOn: (leaf) => eventFacts(leaf),
  costly: () => true,
  compile(leaf, scope, negated) {
    const ends = periodsOf(leaf.within, scope).slice(1)
    const column = eb.ref('events.occurredAt')
    const cases = ends.map(
      (end, place) => sql`when ${eb(column, '<', toTimestamp(end))} then ${sql.lit(place)}`,
    )
    const periods = sql`count(distinct case ${sql.join(cases, sql` `)} end)`
    return compileSetAnswer(
      {
        rows: eventsQuery(leaf, leaf.within, scope),
        owner: 'events.customerId',
        within: leaf.within,
        none: false,
        some: leaf.atLeast === 1 ? true : sql`${periods} >= ${sql.lit(leaf.atLeast)}`,
      },
      scope,
      negated,
    )
  },
  evaluate: (leaf, facts) => periodsWith(leaf, facts) >= leaf.atLeast,
  nextChangeAt(leaf, facts) {
    const events = facts.rows(read(leaf))
    const meant = events.filter((one) => isMeant(leaf, one, facts))
    return earliest([nextEventEdge(meant, leaf.within, facts), nextRuleChange([leaf], events, facts)])
  },
  isTimed: () => true,
  lasting: () => true,
  seen: (leaf, facts) => ({ periods: periodsWith(leaf, facts), ...lastSeen(found(leaf, facts)) }),
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    {
      type: 'eventPeriods',
      name: 'order.placed',
      within: { calendar: 'month', from: -6, to: -1 },
      atLeast: 4,
    },
  ],
  editor: { fields: [...eventFields(['within']), { name: 'atLeast', kind: 'number', operators: [] }] },
  advise: (leaf, ctx) => eventAdvice([leaf], ctx),
}

function read(leaf: EventPeriodsLeaf): Collection<EventFact> {
  return eventsRead([leaf], { within: leaf.within })
}

function found(leaf: EventPeriodsLeaf, facts: Facts): readonly EventFact[] {
  const starts = periodsOf(leaf.within, facts)
  return happened(leaf, facts, { from: starts[0]!, until: starts.at(-1)!, events: read(leaf) })
}

function periodsWith(leaf: EventPeriodsLeaf, facts: Facts & Environment): number {
  const ends = periodsOf(leaf.within, facts).slice(1)
  return new Set(found(leaf, facts).map(({ at }) => ends.findIndex((end) => at < end))).size
}
