import type { Ctx } from '@clientele/core'
import * as z from 'zod'
import type { CustomerDetailsSection } from '../customer/customer-details.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { CustomerNote } from './note.entity.ts'

const LATEST = 20

/** The latest notes about a customer. */
export const customerNotes = {
  key: 'notes',
  schema: z.array(CustomerNote.row),
  async load(ctx: Ctx<CustomersTables>, customerId: string) {
    const ids = await ctx.db
      .selectFrom('customerNotes')
      .select('id')
      .where('customerId', '=', customerId)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(LATEST)
      .execute()
    return ctx.repo(CustomerNote).getMany(ids.map(({ id }) => id))
  },
} satisfies CustomerDetailsSection
