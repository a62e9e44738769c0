import {
  durationMs,
  durationSchema,
  windowSchema,
  type Collection,
  type ConditionType,
  type Duration,
  type Facts,
  type Leaf,
  type SqlScope,
  type Window,
} from '@clientele/conditions'
import { expressionBuilder, type Expression, type SqlBool } from 'kysely'
import * as z from 'zod'
import { earliest, nextEventEdge } from './event-edges.ts'
import {
  eventFacts,
  eventFilterShape,
  eventsQuery,
  eventTerms,
  isMeant,
  isTimedRead,
  isWithin,
  nextRuleChange,
  type EventFact,
  type EventFilter,
} from './event-filter.ts'
import { eventsRead } from './event-reads.ts'
import { eventAdvice, eventFields, eventSeen } from './event-words.ts'
import { compileSetAnswer } from './set-answer.ts'

/** `{ type: 'eventSequence', steps, span, without, within }`: who did one thing and then another. */
export interface EventSequenceLeaf extends Leaf {
  readonly type: 'eventSequence'
  /** Each strictly later than the one before, with anything between them. */
  readonly steps: readonly EventFilter[]
  /** The longest time from the first step to the last, itself included. @default any */
  readonly span?: Duration
  /** What did not happen between the first step and the last. @default nothing */
  readonly without?: EventFilter
  /** Where all steps lie. @default ever */
  readonly within?: Window
}

const filter = z.strictObject(eventFilterShape)

const eb = expressionBuilder<any, any>()

/** Some events of a customer follow each other as the steps do. */
export const eventSequence: ConditionType<EventSequenceLeaf> = {
  name: 'eventSequence',
  scope: 'customer',
  schema: z.strictObject({
    type: z.literal('eventSequence'),
    steps: z.array(filter).min(2).max(5),
    span: durationSchema.optional(),
    without: filter.optional(),
    within: windowSchema.optional(),
  }) as unknown as z.ZodType<EventSequenceLeaf>,
  needs: () => [],
  reads: (leaf) => [read(leaf)],
  dependsOn: (leaf) => eventFacts(...filtersOf(leaf)),
  costly: () => true,
  compile(leaf, scope, negated) {
    const last = leaf.steps.length - 1
    const rows = eventsQuery(leaf.steps[last]!, leaf.within, scope).where(precededBy(last - 1, leaf, scope))
    return compileSetAnswer(
      { rows, owner: 'events.customerId', within: leaf.within, none: false, some: true },
      scope,
      negated,
    )
  },
  evaluate: (leaf, facts) => endOf(leaf, facts) !== undefined,
  nextChangeAt(leaf, facts) {
    const filters = filtersOf(leaf)
    const events = facts.rows(read(leaf))
    const meant = events.filter((one) => filters.some((step) => isMeant(step, one, facts)))
    return earliest([nextEventEdge(meant, leaf.within, facts), nextRuleChange(filters, events, facts)])
  },
  isTimed: (leaf) => isTimedRead(filtersOf(leaf), leaf.within),
  lasting: ({ without }) => (without ? undefined : true),
  seen(leaf, facts) {
    const event = endOf(leaf, facts)
    return event && { event: eventSeen(event) }
  },
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    {
      type: 'eventSequence',
      steps: [{ name: 'Product Viewed' }, { name: 'Product Added' }],
      span: { amount: 1, unit: 'hour' },
      without: { name: 'order.placed' },
    },
    {
      type: 'eventSequence',
      steps: [
        { name: 'Product Viewed', where: [{ property: 'category', operator: 'is', value: 'Tea' }] },
        { name: 'Product Added' },
        { name: 'order.placed' },
      ],
      within: { last: { amount: 30, unit: 'day' } },
    },
  ],
  editor: {
    fields: [
      { name: 'steps', kind: 'events', operators: [], fields: eventFields([]) },
      { name: 'span', kind: 'duration', operators: [] },
      { name: 'without', kind: 'events', operators: [], fields: eventFields([]) },
      { name: 'within', kind: 'window', operators: [] },
    ],
  },
  advise: (leaf, ctx) => eventAdvice(filtersOf(leaf), ctx),
}

function filtersOf({ steps, without }: EventSequenceLeaf): readonly EventFilter[] {
  return without ? [...steps, without] : steps
}

function read(leaf: EventSequenceLeaf): Collection<EventFact> {
  return eventsRead(filtersOf(leaf), { within: leaf.within })
}

/** Steps from this one down to the first came before the one after it; the last step is the row of `events`. */
function precededBy(place: number, leaf: EventSequenceLeaf, scope: SqlScope): Expression<SqlBool> {
  const { steps, span, within } = leaf
  const [own, next] = [`step${place}`, place === steps.length - 2 ? 'events' : `step${place + 1}`]
  const at = eb.ref(`${own}.occurredAt`)
  const terms = [
    eb(`${own}.customerId`, '=', eb.ref('events.customerId')),
    eb(at, '<', eb.ref(`${next}.occurredAt`)),
    ...(span ? [isNear(at, durationMs(span), scope)] : []),
    ...eventTerms(steps[place]!, within, scope, own),
    ...(place > 0 ? [precededBy(place - 1, leaf, scope)] : nothingBetween(own, leaf, scope)),
  ]
  return eb.exists(eb.selectFrom(`events as ${own}`).select(eb.lit(1).as('one')).where(eb.and(terms)))
}

/** A thousand years: PostgreSQL has no instants so long before the first that an event can have. */
const FAR_MS = 1000 * 365 * 86_400_000

/** The last step comes no later than that after this instant; said so that an index finds the instants. */
function isNear(at: Expression<unknown>, ms: number, scope: SqlScope): Expression<SqlBool> {
  const last = eb.ref('events.occurredAt')
  if (ms > FAR_MS) return eb(scope.sql.shifted(at, ms), '>=', last)
  return eb(at, '>=', scope.sql.shifted(last, -ms))
}

function nothingBetween(
  first: string,
  { without, within }: EventSequenceLeaf,
  scope: SqlScope,
): readonly Expression<SqlBool>[] {
  if (!without) return []
  const at = eb.ref('between.occurredAt')
  const terms = [
    eb('between.customerId', '=', eb.ref('events.customerId')),
    eb(at, '>', eb.ref(`${first}.occurredAt`)),
    eb(at, '<', eb.ref('events.occurredAt')),
    ...eventTerms(without, within, scope, 'between'),
  ]
  return [
    eb.not(eb.exists(eb.selectFrom('events as between').select(eb.lit(1).as('one')).where(eb.and(terms)))),
  ]
}

/** The event with which such a sequence first ends. */
function endOf(leaf: EventSequenceLeaf, facts: Facts): EventFact | undefined {
  const { steps, span, without, within } = leaf
  const longest = span ? durationMs(span) : Infinity
  const events = facts.rows(read(leaf)).filter(({ at }) => isWithin(at, within, facts))
  // By step: the latest beginning of those sequences that have come so far. No other can do better.
  let begun: (number | undefined)[] = steps.map(() => undefined)
  let lastBetween = -Infinity
  for (const [at, together] of Map.groupBy(events, (event) => event.at)) {
    const next = [...begun]
    for (const event of together) {
      for (const [place, step] of steps.entries()) {
        const start = place === 0 ? at : begun[place - 1]
        if (start === undefined || !isMeant(step, event, facts)) continue
        next[place] = Math.max(next[place] ?? -Infinity, start)
        const isLast = place === steps.length - 1
        if (isLast && at - start <= longest && lastBetween <= start) return event
      }
    }
    begun = next
    if (without && together.some((event) => isMeant(without, event, facts))) lastBetween = at
  }
  return undefined
}
