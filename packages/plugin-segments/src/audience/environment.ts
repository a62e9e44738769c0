import type { Environment } from '@clientele/conditions'
import { fromTimestamp, minorDigits, TenantSettings, type Ctx } from '@clientele/core'

/** What holds for an evaluation that begins now: the instant, and the tenant's currency and zone. */
export async function environmentOf(ctx: Ctx): Promise<Environment> {
  return environmentIn(ctx, await ctx.settings(TenantSettings))
}

/** The same by other settings than those that hold. */
export function environmentIn(
  ctx: Ctx,
  { currency, timeZone }: { readonly currency: string; readonly timeZone: string },
): Environment {
  return { now: fromTimestamp(ctx.now()), currencyDigits: minorDigits(currency), timeZone }
}
