import type { Ctx, ListQuery, Timestamp } from '@clientele/core'
import type { AudienceTables } from '../segments.tables.ts'
import { Segments, type MembersPage } from './segment.service.ts'

/** Some of the members, and since when they are in it. */
export interface MembersSince extends MembersPage {
  /** By the id of the customer. */
  readonly enteredAt: Readonly<Record<string, Timestamp>>
}

/** A page of the members, with the instants at which they came. @throws `entity.not_found` */
export async function membersSince(
  ctx: Ctx<AudienceTables>,
  segmentId: string,
  query: ListQuery,
): Promise<MembersSince> {
  const page = await ctx.get(Segments).members(ctx, segmentId, query)
  const ids = page.items.map(({ id }) => id)
  const stays = await ctx.db
    .selectFrom('memberships')
    .select(['customerId', 'enteredAt'])
    .where('segmentId', '=', segmentId)
    .where((eb) => ctx.sql.anyOf(eb.ref('customerId'), 'uuid', ids))
    .where('leftAt', 'is', null)
    .execute()
  return {
    ...page,
    enteredAt: Object.fromEntries(stays.map(({ customerId, enteredAt }) => [customerId, enteredAt])),
  }
}
