import type { Environment } from '@clientele/conditions'
import { fromTimestamp, minorDigits, TenantSettings, type Ctx } from '@clientele/core'

/** What holds for an evaluation that begins now: the instant, and the tenant's currency and zone. */
export async function environmentOf(ctx: Ctx): Promise<Environment> {
  const { currency, timeZone } = await ctx.settings(TenantSettings)
  return { now: fromTimestamp(ctx.now()), currencyDigits: minorDigits(currency), timeZone }
}
