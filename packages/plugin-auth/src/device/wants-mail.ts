import { TenantContexts, type Ctx } from '@clientele/core'
import { AuthSettings } from '../auth.settings.ts'
import type { AuthTables } from '../auth.tables.ts'
import { Users } from '../user/users.service.ts'

/**
 * Whether somebody is told of new devices: unless they want none, or every tenant they work in wants none; in the
 * context of a tenant, that one. Operators, and whoever works in no tenant, decide by themselves.
 */
export async function wantsDeviceMail(ctx: Ctx<AuthTables>, email: string): Promise<boolean> {
  const user = await ctx.get(Users).findByEmail(ctx, email)
  if (!user?.newDeviceMails) return false
  if (user.isOperator) return true
  if (ctx.tenantId !== '*') return (await ctx.settings(AuthSettings)).newDeviceMails
  const places = await ctx.db
    .selectFrom('userTenants')
    .select('tenantId')
    .where('userId', '=', user.id)
    .orderBy('tenantId')
    .execute()
  for (const { tenantId } of places) {
    const tenant = ctx.get(TenantContexts).open(ctx, tenantId)
    if ((await tenant.settings(AuthSettings)).newDeviceMails) return true
  }
  return places.length === 0
}
