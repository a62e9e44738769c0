import type { Ctx } from '@clientele/core'
import * as z from 'zod'
import type { CustomerDetailsSection } from '../customer/customer-details.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { Identity } from '../identity/identity.entity.ts'
import { CustomerActivity, CustomerEvent } from './event.entity.ts'

const LATEST = 20
const MOST_IDENTITIES = 100

/** What a customer's details say about when they were seen, and what they did last. */
export const customerActivity = {
  key: 'activity',
  schema: z.object({
    firstSeenAt: z.string().nullable(),
    lastSeenAt: z.string().nullable(),
    eventCount: z.number().int(),
    latest: z.array(CustomerEvent.row),
  }),
  async load(ctx: Ctx<CustomersTables>, customerId: string) {
    const { firstSeenAt, lastSeenAt, eventCount } = await ctx.repo(CustomerActivity).get(customerId)
    const ids = await ctx.db
      .selectFrom('events')
      .select('id')
      .where('customerId', '=', customerId)
      .orderBy('occurredAt', 'desc')
      .orderBy('id', 'desc')
      .limit(LATEST)
      .execute()
    const latest = await ctx.repo(CustomerEvent).getMany(ids.map(({ id }) => id))
    return { firstSeenAt, lastSeenAt, eventCount, latest }
  },
} satisfies CustomerDetailsSection

/** The ways a customer is known. */
export const customerIdentities = {
  key: 'identities',
  schema: z.array(Identity.row),
  async load(ctx: Ctx<CustomersTables>, customerId: string) {
    const ids = await ctx.db
      .selectFrom('identities')
      .select('id')
      .where('customerId', '=', customerId)
      .orderBy('id')
      .limit(MOST_IDENTITIES)
      .execute()
    return ctx.repo(Identity).getMany(ids.map(({ id }) => id))
  },
} satisfies CustomerDetailsSection
