import type { ConditionType } from '@clientele/conditions'
import { eventAggregate } from './event-aggregate.ts'
import { eventCount } from './event-count.ts'
import { eventPeriods } from './event-periods.ts'
import { eventReturn } from './event-return.ts'
import { eventSequence } from './event-sequence.ts'
import { nthEvent } from './nth-event.ts'
import { timeSinceEvent } from './time-since-event.ts'

/** What can be asked about the events of customers, facts of other plugins among them. */
// `any`: types of unrelated leaves stand in one list; the schema guards each.
export const eventConditions: readonly ConditionType<any>[] = [
  eventCount,
  nthEvent,
  eventSequence,
  eventPeriods,
  eventReturn,
  timeSinceEvent,
  eventAggregate,
]
