import { handleJob, TenantContexts, TenantRows, type Ctx, type JobCtx } from '@clientele/core'
import { forgetPlace } from '../member/member.service.ts'
import { DeleteTenant } from './delete-tenant.job.ts'
import { Tenant, TenantDomain, TenantExport } from './tenant.entity.ts'
import { Tenants } from './tenant.service.ts'

const SLICE = 500

export const deleteTenant = handleJob(DeleteTenant, async ({ tenantId, deleteAt }, ctx) => {
  const tenant = await ctx.get(Tenants).get(ctx, tenantId)
  // Called off, or asked for anew with another grace.
  if (tenant.state !== 'deleting' || tenant.deleteAt !== deleteAt) return
  await forgetUsers(ctx, tenantId)
  for (let done = 0, last = -1; last !== 0; done += last) {
    ctx.signal.throwIfAborted()
    last = await ctx.get(TenantRows).removeSome(ctx, tenantId, SLICE)
    await ctx.progress(done + last)
  }
  await ctx.tx(async (t) => {
    const domains = await t.db
      .selectFrom('tenantDomains')
      .select('id')
      .where('tenantId', '=', tenantId)
      .execute()
    for (const { id } of domains) await t.repo(TenantDomain).remove(id)
    const exported = await t.db
      .selectFrom('tenantExports')
      .select('id')
      .where('tenantId', '=', tenantId)
      .execute()
    for (const { id } of exported) await t.repo(TenantExport).remove(id)
    await t.repo(Tenant).patch(tenant.id, { state: 'deleted', goneAt: t.now() })
  })
})

/** Whoever worked nowhere else goes with the tenant. */
async function forgetUsers(ctx: JobCtx, tenantId: string): Promise<void> {
  const inTenant: Ctx = ctx.get(TenantContexts).open(ctx, tenantId)
  for (;;) {
    ctx.signal.throwIfAborted()
    const places = await ctx.db
      .selectFrom('userTenants')
      .select('userId')
      .where('tenantId', '=', tenantId)
      .limit(100)
      .execute()
    if (places.length === 0) return
    for (const { userId } of places) await inTenant.tx((t) => forgetPlace(t, userId))
  }
}
