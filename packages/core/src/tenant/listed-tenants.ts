import type { Ctx } from '../context/context.ts'
import { SINGLE_TENANT } from '../context/tenant-id.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import { TenantDirectories, type TenantDirectory } from './tenant-directory.ts'

/**
 * The tenants as the host lists them: the single one, or what the option `tenancy.tenants` answers; without that option
 * those of the plugin that manages tenants.
 */
export function listedTenants(): TenantDirectory {
  return {
    async list(ctx) {
      const { mode, tenants } = runtimeOf(ctx)
      if (mode === 'single') return [SINGLE_TENANT]
      return (await tenants?.()) ?? (await managed(ctx)?.list(ctx)) ?? []
    },
    atHost: (ctx, host) => managed(ctx)?.atHost?.(ctx, host) ?? null,
    admit: (ctx, tenantId) => managed(ctx)?.admit?.(ctx, tenantId),
  }
}

function managed(ctx: Ctx): TenantDirectory | undefined {
  if (runtimeOf(ctx).mode === 'single') return undefined
  return ctx.extensions(TenantDirectories)[0]
}
