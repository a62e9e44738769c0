import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import { defineExtensionPoint } from '../plugin/extension-point.ts'

/**
 * Which tenants there are: what schedules of every tenant and maintenance go through. In single mode it is the one; in
 * multi mode the option `tenancy.tenants` says it, or the plugin that manages tenants ({@link TenantDirectories}).
 */
export interface TenantDirectory {
  list(ctx: Ctx): Promise<readonly string[]>
  /**
   * The tenant that a request to this host name is for; null when the name says nothing. Asked for every request, so it
   * answers from memory.
   */
  atHost?(ctx: Ctx, host: string): Promise<string | null> | string | null
  /**
   * Refuses a tenant that is suspended or about to be deleted: throws what its credentials are answered; its jobs wait.
   * Asked for every request and job, so it answers from memory, at most 5 s late.
   */
  admit?(ctx: Ctx, tenantId: string): Promise<void> | void
}

export const TenantDirectory = defineService<TenantDirectory>('core.tenants')

/** Where the plugin that manages tenants says which there are; the first one counts, in multi mode only. */
export const TenantDirectories = defineExtensionPoint<TenantDirectory>('core.tenantDirectories')
