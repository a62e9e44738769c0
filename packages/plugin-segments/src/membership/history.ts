import { route, timestampSchema, uuidSchema, type Ctx, type Timestamp } from '@clientele/core'
import { Customer, type CustomerDetailsSection } from '@clientele/plugin-customers'
import * as z from 'zod'
import type { AudienceTables } from '../segments.tables.ts'
import { membershipCauses, type MembershipCause } from './membership.entity.ts'

/** A stay of a customer in a segment. */
export interface Stay {
  readonly segmentId: string
  readonly name: string
  readonly enteredAt: Timestamp
  readonly enteredBy: MembershipCause
  readonly enteredWith: string | null
  readonly leftAt: Timestamp | null
  readonly leftBy: MembershipCause | null
  readonly leftWith: string | null
}

const current = z.object({
  segmentId: uuidSchema,
  name: z.string(),
  enteredAt: timestampSchema,
  enteredBy: z.enum(membershipCauses),
  enteredWith: z.string().nullable(),
})

const stay = current.extend({
  leftAt: timestampSchema.nullable(),
  leftBy: z.enum(membershipCauses).nullable(),
  leftWith: z.string().nullable(),
})

/** The segments a customer is in, in `GET /customers/:id/details`. */
export const customerSegments: CustomerDetailsSection<z.output<typeof current>[]> = {
  key: 'segments',
  schema: z.array(current),
  load: async (ctx, customerId) => staysOf(ctx, customerId, { only: 'current', limit: 1000 }),
}

/** Where a customer was, and is. */
export const historyRoutes = {
  history: route.get({
    path: '/api/v1/customers/:customerId/segments',
    permission: 'segments:read',
    summary: 'The segments a customer is in and was in, the latest first, and what brought them in and out',
    params: z.object({ customerId: uuidSchema }),
    query: z.object({
      only: z.enum(['current', 'past']).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    response: z.object({ items: z.array(stay) }),
    async handler({ params, query }, ctx) {
      await ctx.repo(Customer).get(params.customerId)
      return { items: await staysOf(ctx, params.customerId, query) }
    },
  }),
}

async function staysOf(
  ctx: Ctx<AudienceTables>,
  customerId: string,
  { only, limit }: { readonly only?: 'current' | 'past' | undefined; readonly limit: number },
): Promise<Stay[]> {
  let query = ctx.db
    .selectFrom('memberships')
    .innerJoin('segments', 'segments.id', 'memberships.segmentId')
    .select(['segmentId', 'name', 'enteredAt', 'enteredBy', 'enteredWith', 'leftAt', 'leftBy', 'leftWith'])
    .where('customerId', '=', customerId)
    .orderBy('enteredAt', 'desc')
    .orderBy('memberships.id', 'desc')
    .limit(limit)
  if (only) query = query.where('leftAt', only === 'current' ? 'is' : 'is not', null)
  return query.execute()
}
