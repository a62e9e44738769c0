import type { Ctx } from '@clientele/core'
import * as z from 'zod'
import type { CustomerDetailsSection } from '../customer/customer-details.ts'
import { Tags } from './tag.service.ts'

/** The words on a customer. */
export const customerTags = {
  key: 'tags',
  schema: z.array(z.string()),
  load: async (ctx: Ctx, customerId: string) => [...(await ctx.get(Tags).of(ctx, customerId))],
} satisfies CustomerDetailsSection
