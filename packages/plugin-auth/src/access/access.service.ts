import { defineService, type Ctx } from '@clientele/core'

/** What a user may do in one tenant. */
export interface TenantAccess {
  /** The role's key: `super_admin`, `admin`, `editor`, `viewer` or one of the tenant's own. */
  readonly role: string
  /** Resolved: `orders:read`, also `*` and `orders:*`. */
  readonly permissions: ReadonlySet<string>
}

/**
 * What users may do where. It is asked on every request, and answers what is true now: no token says what its holder
 * may do, so a role that is taken away is gone with the next request, on every node.
 *
 * Whoever must also end sessions (a user who is switched off or removed) calls `Sessions.endAll`, which raises the
 * user's epoch.
 */
export interface AccessService {
  /** Null when they have no role there, or the tenant is suspended. An operator has one in every tenant. */
  permissionsIn(ctx: Ctx, userId: string, tenantId: string): Promise<TenantAccess | null>
  /** Where they have a role, the first one first; `['*']` for an operator, empty for somebody without any. */
  tenantsOf(ctx: Ctx, userId: string): Promise<readonly string[]>
}

/** The service: `ctx.get(Access)`. */
export const Access = defineService<AccessService>('auth.access')
