import type { Ctx } from '@clientele/core'
import type { CustomersTables } from '../customers.tables.ts'
import type { JsonObject } from './message.ts'
import type { Said } from './profile.ts'

/**
 * What these customers were said to be by events that happened after those at hand: an event that comes late must not
 * undo it. The events themselves are the memory, so a merge and its undo carry it along. Mostly nothing came late, which
 * costs one short read.
 */
export async function saidLater(
  ctx: Ctx<CustomersTables>,
  said: ReadonlyMap<string, readonly Said[]>,
): Promise<ReadonlyMap<string, readonly Said[]>> {
  const seen = await ctx.db
    .selectFrom('customerActivities')
    .select(['id', 'lastSeenAt'])
    .where('id', 'in', [...said.keys()])
    .execute()
  const late = seen.flatMap(({ id, lastSeenAt }) => {
    // They are in the order in which they happened.
    const since = said.get(id)?.[0]?.occurredAt
    return since !== undefined && lastSeenAt !== null && lastSeenAt > since ? [{ id, since }] : []
  })
  const later = new Map<string, readonly Said[]>()
  for (const { id, since } of late) {
    const events = await ctx.db
      .selectFrom('events')
      .select(['properties', 'occurredAt'])
      .where('customerId', '=', id)
      .where('occurredAt', '>', since)
      .where('type', '=', 'identify')
      .execute()
    later.set(
      id,
      events.map(({ properties, occurredAt }) => ({ traits: properties as JsonObject, occurredAt })),
    )
  }
  return later
}
