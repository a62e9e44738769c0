import { FactWatchers, touchFacts } from '@clientele/conditions'
import { defineJob, handleJob, uuidSchema, type JobHandler, type Timestamp, type Tx } from '@clientele/core'
import * as z from 'zod'
import { Customer } from '../customer/customer.entity.ts'
import type { CustomersTables } from '../customers.tables.ts'

/** An event that was written, perhaps by a clock that is fast. */
export interface DatedEvent {
  readonly id: string
  readonly occurredAt: Timestamp
}

/** By id: when it happens an event may have become another customer's, or be gone. */
const TouchHappened = defineJob('customers.touchHappened', z.object({ eventIds: z.array(uuidSchema) }))

/** Events of one job. */
const SLICE = 500

/**
 * Has events that are dated after now touched again once they happen: conditions count what has happened. One job for
 * each instant, added with the events; none while nobody listens.
 */
export async function touchWhenHappened(t: Tx, events: readonly DatedEvent[]): Promise<void> {
  if (t.extensions(FactWatchers).length === 0) return
  const now = t.now()
  const ahead = events.filter(({ occurredAt }) => occurredAt > now)
  for (const [runAt, together] of Map.groupBy(ahead, ({ occurredAt }) => occurredAt)) {
    const ids = together.map(({ id }) => id)
    for (let from = 0; from < ids.length; from += SLICE)
      await t.enqueue(TouchHappened, { eventIds: ids.slice(from, from + SLICE) }, { runAt })
  }
}

/** The instant has come at which these events are dated. */
export const touchHappened: JobHandler = handleJob(TouchHappened, async ({ eventIds }, ctx) => {
  await ctx.tx(async (t) => {
    await t.lock(Customer, ownersOf(await eventsOf(t, eventIds)))
    // A merge that had their locks may have moved some.
    const events = await eventsOf(t, eventIds)
    await t.lock(Customer, ownersOf(events))
    for (const { customerId, name } of events) touchFacts(t, [customerId], [`events.${name}`], 'grew')
  })
})

interface Owned {
  readonly customerId: string
  readonly name: string
}

function eventsOf(t: Tx<CustomersTables>, ids: readonly string[]): Promise<readonly Owned[]> {
  return t.db
    .selectFrom('events')
    .select(['customerId', 'name'])
    .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', ids))
    .execute()
}

function ownersOf(events: readonly Owned[]): string[] {
  return [...new Set(events.map(({ customerId }) => customerId))]
}
