import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'

/**
 * Which tenants there are: what schedules of every tenant and maintenance go through. In single mode it is the one; in
 * multi mode the option `tenancy.tenants` says it, or the plugin that manages tenants overrides this service.
 */
export interface TenantDirectory {
  list(ctx: Ctx): Promise<readonly string[]>
}

export const TenantDirectory = defineService<TenantDirectory>('core.tenants')
