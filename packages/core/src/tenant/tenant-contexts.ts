import type { Ctx } from '../context/context.ts'
import type { Actor } from '../context/actor.ts'
import { SINGLE_TENANT } from '../context/tenant-id.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { defineService } from '../di/token.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { runtimeOf, type ContextScope } from '../kernel/runtime.ts'
import { isTenantId } from '../context/tenant-id.ts'

/** How code that works for the whole instance (tenant `*`) works in one tenant. */
export interface TenantContexts {
  /**
   * A context in the tenant, for the same request. Only the whole instance has the way into a tenant: from one tenant
   * there is none into another.
   * @param actor @default who acts already
   * @throws `http.foreign_tenant`
   */
  open(ctx: Ctx, tenantId: string, actor?: Actor): Ctx
}

export const TenantContexts = defineService<TenantContexts>('core.tenantContexts')

export function createTenantContexts(): TenantContexts {
  return {
    open(ctx, tenantId, actor = ctx.actor) {
      const runtime = runtimeOf(ctx)
      // tenant-site: tenants.open
      const mayOpen = ctx.tenantId === WHOLE_INSTANCE || ctx.tenantId === tenantId
      const exists = isTenantId(tenantId) && (runtime.mode === 'multi' || tenantId === SINGLE_TENANT)
      if (!mayOpen || !exists) throw coreErrors['http.foreign_tenant']({ tenantId: tenantId.slice(0, 40) })
      const { requestId, ip, origin, signal } = ctx
      const asked = ip === null ? {} : { ip }
      return runtime.context({ tenantId, actor, requestId, ...asked, origin, signal } satisfies ContextScope)
    },
  }
}
