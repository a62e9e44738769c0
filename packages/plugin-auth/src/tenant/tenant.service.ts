import {
  defineService,
  fromTimestamp,
  saveSettings,
  TenantContexts,
  TenantDirectory,
  TenantSettings,
  toTimestamp,
  type Ctx,
  type Tx,
} from '@clientele/core'
import { memberErrors } from '../members.errors.ts'
import { TenantCache, type KnownTenants } from './tenant-cache.ts'
import { DeleteTenant } from './delete-tenant.job.ts'
import { Tenant, type Quotas, type TenantRow } from './tenant.entity.ts'

/** What of the quotas is to be another; what is left out stays. */
export type QuotaChanges = { readonly [Q in keyof Quotas]?: Quotas[Q] | undefined }

/** What a new tenant is made of. */
export interface NewTenant {
  readonly tenantId: string
  /** What people call it. @default its id */
  readonly name?: string | undefined
  readonly quotas?: QuotaChanges | undefined
}

/**
 * The tenants of the platform. What an operator does to one is written in the context of that tenant, so it stands in
 * the tenant's own audit log. It acts on this node at once, on others within 5 s.
 */
export interface TenantsService {
  /** @throws `entity.not_found` */
  get(ctx: Ctx, tenantId: string): Promise<TenantRow>
  /** Also of those that only the host knows: the single one, and what `tenancy.tenants` lists. */
  exists(ctx: Ctx, tenantId: string): Promise<boolean>
  /** Those that are active. */
  list(ctx: Ctx): Promise<readonly string[]>
  /** @throws `auth.tenant_taken` */
  create(ctx: Ctx, tenant: NewTenant): Promise<TenantRow>
  /** @throws `entity.not_found`, `auth.tenant_state` */
  setQuotas(ctx: Ctx, tenantId: string, quotas: QuotaChanges): Promise<TenantRow>
  /** Refuses its credentials and lets its jobs wait. @throws `entity.not_found`, `auth.tenant_state` */
  suspend(ctx: Ctx, tenantId: string, reason: string): Promise<TenantRow>
  /** Lets it work again; also calls off a deletion that has not begun. @throws as {@link TenantsService.suspend} */
  resume(ctx: Ctx, tenantId: string): Promise<TenantRow>
  /**
   * Refuses its credentials now and removes all its rows, of every plugin, after the grace.
   * @param graceDays during which {@link TenantsService.resume} calls it off
   */
  startDeletion(
    ctx: Ctx,
    tenantId: string,
    options: { readonly graceDays: number; readonly reason: string },
  ): Promise<TenantRow>
  /** Of the tenant of the context. */
  quotas(ctx: Ctx): Promise<Quotas>
  /** What every request asks; at most 2 s old. */
  known(ctx: Ctx): Promise<KnownTenants>
  /** Makes this node look again at once. */
  forget(): void
}

/** The service: `ctx.get(Tenants)`. */
export const Tenants = defineService<TenantsService>('auth.tenants')

const DAY_MS = 86_400_000
const NO_QUOTAS: Quotas = { customers: null, eventsPerMonth: null, keys: null }

export function createTenantsService(): TenantsService {
  const cache = new TenantCache()
  /** Changes the row in the context of its tenant, under its lock. */
  const change = async (
    ctx: Ctx,
    tenantId: string,
    work: (t: Tx, tenant: TenantRow) => Promise<TenantRow>,
  ): Promise<TenantRow> => {
    const { id } = await getTenant(ctx, tenantId)
    const inTenant = ctx.get(TenantContexts).open(ctx, tenantId)
    const row = await inTenant.tx(async (t) => {
      await t.lock(Tenant, [id])
      return work(t, await t.repo(Tenant).get(id))
    })
    cache.forget()
    return row
  }
  return {
    get: getTenant,
    async exists(ctx, tenantId) {
      if (await findTenant(ctx, tenantId)) return true
      return (await ctx.get(TenantDirectory).list(ctx)).includes(tenantId)
    },
    async list(ctx) {
      const rows = await ctx.db
        .selectFrom('tenants')
        .select('tenantId')
        .where('state', '=', 'active')
        .orderBy('tenantId')
        .execute()
      return rows.map(({ tenantId }) => tenantId)
    },
    async create(ctx, { tenantId, name = tenantId, quotas }) {
      if (await findTenant(ctx, tenantId)) throw memberErrors['auth.tenant_taken']({ tenantId })
      const inTenant = ctx.get(TenantContexts).open(ctx, tenantId)
      const made = await inTenant.tx(async (t) => {
        const row = await t.repo(Tenant).insert({ tenantId, ...limited(NO_QUOTAS, quotas) })
        await saveSettings(t, TenantSettings, { name })
        return row
      })
      cache.forget()
      return made
    },
    setQuotas: (ctx, tenantId, quotas) =>
      change(ctx, tenantId, (t, { id, quotas: before }) => t.repo(Tenant).patch(id, limited(before, quotas))),
    suspend: (ctx, tenantId, reason) =>
      change(ctx, tenantId, (t, { id, state }) => {
        if (state !== 'active' && state !== 'suspended') throw wrongState(tenantId, state, 'suspend')
        return t.repo(Tenant).patch(id, { state: 'suspended', reason })
      }),
    resume: (ctx, tenantId) =>
      change(ctx, tenantId, (t, { id, state, deleteAt }) => {
        const begun = state === 'deleting' && deleteAt !== null && deleteAt <= t.now()
        if (state === 'deleted' || begun) throw wrongState(tenantId, state, 'resume')
        return t.repo(Tenant).patch(id, { state: 'active', reason: '', deleteAt: null })
      }),
    startDeletion: async (ctx, tenantId, { graceDays, reason }) => {
      const row = await change(ctx, tenantId, (t, { id, state }) => {
        if (state === 'deleted' || state === 'deleting') throw wrongState(tenantId, state, 'delete')
        const deleteAt = toTimestamp(fromTimestamp(t.now()) + graceDays * DAY_MS)
        return t.repo(Tenant).patch(id, { state: 'deleting', reason, deleteAt })
      })
      const { deleteAt } = row
      // For no tenant: the jobs of this one wait, and go with it.
      if (deleteAt) await ctx.tx((t) => t.enqueue(DeleteTenant, { tenantId, deleteAt }, { runAt: deleteAt }))
      return row
    },
    async quotas(ctx) {
      const known = cache.fresh(ctx)
      if (known) return known.quotas.get(ctx.tenantId) ?? NO_QUOTAS
      const tenant = await findTenant(ctx, ctx.tenantId)
      return tenant?.quotas ?? NO_QUOTAS
    },
    known: (ctx) => cache.get(ctx),
    forget: () => cache.forget(),
  }
}

function limited(
  before: Quotas,
  {
    customers = before.customers,
    eventsPerMonth = before.eventsPerMonth,
    keys = before.keys,
  }: QuotaChanges = {},
): { readonly quotas: Quotas; readonly isLimited: boolean } {
  const quotas = { customers, eventsPerMonth, keys }
  return { quotas, isLimited: Object.values(quotas).some((limit) => limit !== null) }
}

async function findTenant(ctx: Ctx, tenantId: string): Promise<TenantRow | null> {
  const row = await ctx.db
    .selectFrom('tenants')
    .select('id')
    .where('tenantId', '=', tenantId)
    .executeTakeFirst()
  return row ? ctx.repo(Tenant).find(row.id) : null
}

async function getTenant(ctx: Ctx, tenantId: string): Promise<TenantRow> {
  const tenant = await findTenant(ctx, tenantId)
  return tenant ?? Promise.reject(memberErrors['auth.unknown_tenant']({ tenantId: tenantId.slice(0, 40) }))
}

function wrongState(tenantId: string, state: string, action: string): Error {
  return memberErrors['auth.tenant_state']({ tenantId, state, action })
}
