import { fromTimestamp, type Ctx } from '@clientele/core'
import type { Quotas } from './tenant.entity.ts'

/** What requests ask of tenants all the time, kept in memory. */
export interface KnownTenants {
  /** Those whose credentials are refused, with what is needed to say why. */
  readonly closed: ReadonlyMap<string, { readonly state: string; readonly deleteAt: string | null }>
  /** Of those that have a limit. */
  readonly quotas: ReadonlyMap<string, Quotas>
  /** Host name → tenant. */
  readonly domains: ReadonlyMap<string, string>
}

/** At most so old: another node may have suspended a tenant. */
const FRESH_MS = 2000

/** Reads at most every two seconds, however many ask. */
export class TenantCache {
  #known: Promise<KnownTenants> | null = null
  #last: KnownTenants | null = null
  #readAt = Number.NEGATIVE_INFINITY

  get(ctx: Ctx): Promise<KnownTenants> {
    const now = fromTimestamp(ctx.now())
    if (this.#known && Math.abs(now - this.#readAt) < FRESH_MS) return this.#known
    this.#readAt = now
    const read = readKnown(ctx)
    this.#known = read
    void this.#remember(read)
    return read
  }

  async #remember(read: Promise<KnownTenants>): Promise<void> {
    try {
      const known = await read
      if (this.#known === read) this.#last = known
    } catch {
      // What could not be read is asked for again; whoever waits for it is told.
      if (this.#known === read) this.#known = null
    }
  }

  /** What is known while it is fresh, without a look at the database: for transactions, which may yet fail. */
  fresh(ctx: Ctx): KnownTenants | null {
    const isFresh = Math.abs(fromTimestamp(ctx.now()) - this.#readAt) < FRESH_MS
    return this.#known && isFresh ? this.#last : null
  }

  /** For this node, at once. */
  forget(): void {
    this.#known = null
    this.#last = null
  }
}

async function readKnown(ctx: Ctx): Promise<KnownTenants> {
  const closed = await ctx.db
    .selectFrom('tenants')
    .select(['tenantId', 'state', 'deleteAt'])
    .where('state', '<>', 'active')
    .execute()
  const limited = await ctx.db
    .selectFrom('tenants')
    .select(['tenantId', 'quotas'])
    .where('isLimited', '=', true)
    .execute()
  const domains = await ctx.db
    .selectFrom('tenantDomains')
    .select(['tenantId', 'domain'])
    .where('verifiedAt', 'is not', null)
    .execute()
  return {
    closed: new Map(closed.map(({ tenantId, ...rest }) => [tenantId, rest])),
    quotas: new Map(limited.map(({ tenantId, quotas }) => [tenantId, quotas])),
    domains: new Map(domains.map(({ tenantId, domain }) => [domain, tenantId])),
  }
}
