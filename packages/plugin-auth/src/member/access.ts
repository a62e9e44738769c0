import { Permissions, TenantContexts, uuidSchema, type Ctx } from '@clientele/core'
import type { AccessService } from '../access/access.service.ts'
import { Roles } from '../role/role.service.ts'
import { Tenants } from '../tenant/tenant.service.ts'

/** Who may do what where, by members and roles; looked up each time, so nothing is ever out of date. */
export function createAccess(): AccessService {
  return {
    async permissionsIn(ctx, userId, tenantId) {
      // Whom the host signs in may be called anything, and has no account here.
      if (!uuidSchema.safeParse(userId).success) return null
      if (await isOperator(ctx, userId)) return operatorIn(ctx, tenantId)
      const inTenant = ctx.tenantId === tenantId ? ctx : ctx.get(TenantContexts).open(ctx, tenantId)
      const member = await inTenant.db
        .selectFrom('tenantMembers')
        .select(['role', 'active'])
        .where('userId', '=', userId)
        .executeTakeFirst()
      if (!member?.active) return null
      const permissions = await ctx.get(Roles).permissionsOf(inTenant, member.role)
      return permissions && { role: member.role, permissions }
    },
    async tenantsOf(ctx, userId) {
      if (await isOperator(ctx, userId)) return ['*']
      const places = await ctx.db
        .selectFrom('userTenants')
        .select('tenantId')
        .where('userId', '=', userId)
        .orderBy('id')
        .execute()
      return places.map(({ tenantId }) => tenantId)
    },
  }
}

async function isOperator(ctx: Ctx, userId: string): Promise<boolean> {
  const user = await ctx.db
    .selectFrom('users')
    .select(['isOperator', 'active'])
    .where('id', '=', userId)
    .executeTakeFirst()
  return user?.isOperator === true && user.active
}

/** Everything, in a tenant that there is, and outside of all. */
async function operatorIn(ctx: Ctx, tenantId: string) {
  if (tenantId !== '*' && !(await ctx.get(Tenants).exists(ctx, tenantId))) return null
  const permissions = new Set(
    ctx
      .get(Permissions)
      .list(ctx)
      .map(({ key }) => key),
  )
  return { role: 'operator', permissions }
}
