import { fromTimestamp, type Ctx } from '@clientele/core'

/** What requests ask of tenants all the time, kept in memory. */
export interface KnownTenants {
  /** Those whose credentials are refused, with what is needed to say why. */
  readonly closed: ReadonlyMap<string, { readonly state: string; readonly deleteAt: string | null }>
  /** Host name → tenant. */
  readonly domains: ReadonlyMap<string, string>
}

/** At most so old: another node may have suspended a tenant. */
const FRESH_MS = 2000

/** Reads at most every two seconds, however many ask. */
export class TenantCache {
  #known: Promise<KnownTenants> | null = null
  #readAt = Number.NEGATIVE_INFINITY

  get(ctx: Ctx): Promise<KnownTenants> {
    const now = fromTimestamp(ctx.now())
    if (this.#known && Math.abs(now - this.#readAt) < FRESH_MS) return this.#known
    this.#readAt = now
    const read = readKnown(ctx)
    this.#known = read
    // What could not be read is asked for again, not remembered.
    read.catch(() => {
      if (this.#known === read) this.#known = null
    })
    return read
  }

  /** For this node, at once. */
  forget(): void {
    this.#known = null
  }
}

async function readKnown(ctx: Ctx): Promise<KnownTenants> {
  const closed = await ctx.db
    .selectFrom('tenants')
    .select(['tenantId', 'state', 'deleteAt'])
    .where('state', '<>', 'active')
    .execute()
  const domains = await ctx.db
    .selectFrom('tenantDomains')
    .select(['tenantId', 'domain'])
    .where('verifiedAt', 'is not', null)
    .execute()
  return {
    closed: new Map(closed.map(({ tenantId, ...rest }) => [tenantId, rest])),
    domains: new Map(domains.map(({ tenantId, domain }) => [domain, tenantId])),
  }
}
