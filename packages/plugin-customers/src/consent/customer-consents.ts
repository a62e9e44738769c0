import type { Ctx } from '@clientele/core'
import * as z from 'zod'
import type { CustomerDetailsSection } from '../customer/customer-details.ts'
import { consentStates } from './consent-answer.ts'
import { Consents } from './consent.service.ts'

/** What a customer agrees to now. */
export const customerConsents = {
  key: 'consents',
  schema: z.array(
    z.object({
      purpose: z.string(),
      channel: z.string().nullable(),
      state: z.enum(consentStates),
      since: z.string(),
    }),
  ),
  load: async (ctx: Ctx, customerId: string) => [...(await ctx.get(Consents).of(ctx, customerId))],
} satisfies CustomerDetailsSection
