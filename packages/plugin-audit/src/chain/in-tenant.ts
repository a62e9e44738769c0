import { TenantContexts, type Ctx } from '@clientele/core'

/** For jobs of the whole instance: a context in the tenant, or their own for what is of no tenant. */
export function inTenant(ctx: Ctx, tenantId: string): Ctx {
  return tenantId === ctx.tenantId ? ctx : ctx.get(TenantContexts).open(ctx, tenantId)
}
