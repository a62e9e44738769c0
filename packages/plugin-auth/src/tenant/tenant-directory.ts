import type { TenantDirectory } from '@clientele/core'
import { AuthConfigured } from '../auth.config.ts'
import { memberErrors } from '../members.errors.ts'
import { Tenants } from './tenant.service.ts'

/** What the core asks of tenants: which there are, whose a host name is, and who may not work now. */
export const tenantDirectory: TenantDirectory = {
  list: (ctx) => ctx.get(Tenants).list(ctx),
  async atHost(ctx, host) {
    const name = host.replace(/:\d+$/, '').toLowerCase()
    const { tenantDomain } = ctx.get(AuthConfigured)
    const base = tenantDomain && `.${tenantDomain.toLowerCase()}`
    if (base && name.endsWith(base)) {
      const tenantId = name.slice(0, -base.length)
      if (await ctx.get(Tenants).exists(ctx, tenantId)) return tenantId
      throw memberErrors['auth.unknown_tenant']({ tenantId: tenantId.slice(0, 40) })
    }
    return (await ctx.get(Tenants).known(ctx)).domains.get(name) ?? null
  },
  async admit(ctx, tenantId) {
    const found = (await ctx.get(Tenants).known(ctx)).closed.get(tenantId)
    if (!found) return
    if (found.state === 'deleting')
      throw memberErrors['auth.tenant_going']({ tenantId, at: found.deleteAt ?? '' })
    if (found.state === 'deleted') throw memberErrors['auth.unknown_tenant']({ tenantId })
    throw memberErrors['auth.tenant_suspended']({ tenantId })
  },
}
