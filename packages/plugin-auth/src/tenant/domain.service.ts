import {
  coreErrors,
  defineService,
  fromTimestamp,
  Secrets,
  toTimestamp,
  type Ctx,
  type Timestamp,
  type Tx,
} from '@clientele/core'
import * as z from 'zod'
import { AuthConfigured } from '../auth.config.ts'
import { memberErrors } from '../members.errors.ts'
import { Dns } from './dns.ts'
import { TenantDomain, type TenantDomainRow } from './tenant.entity.ts'
import { Tenants } from './tenant.service.ts'

/** A domain with the record that proves it. */
export interface DomainShown extends Pick<TenantDomainRow, (typeof SHOWN)[number]> {
  /** Until when requests to it are for this tenant although the record is gone. */
  readonly servedUntil: Timestamp | null
  readonly record: { readonly name: string; readonly value: string }
}

const SHOWN = ['id', 'domain', 'verifiedAt', 'checkedAt', 'missingSince', 'createdAt'] as const

/**
 * Host names of the tenant. One counts once a TXT record has proved it, and then for no other tenant. The record is
 * looked at again each day; when it has been gone for the grace (`domainGraceDays`), the name stands for nobody.
 */
export interface DomainsService {
  list(ctx: Ctx): Promise<readonly DomainShown[]>
  /** The same domain again answers what is there. */
  add(t: Tx, domain: string): Promise<DomainShown>
  /**
   * Looks at the DNS. @throws `auth.domain_unproved`, `auth.domain_taken`, `auth.dns_unavailable`, `entity.not_found`
   */
  verify(ctx: Ctx, id: string): Promise<DomainShown>
  /** @throws `entity.not_found` */
  remove(t: Tx, id: string): Promise<void>
}

/** The service: `ctx.get(Domains)`. */
export const Domains = defineService<DomainsService>('auth.domains')

/** A host name with at least two labels, as browsers send it. */
export const domainSchema = z
  .string()
  .max(253)
  .toLowerCase()
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/,
    'must be a host name, such as crm.example.com; write others in punycode',
  )

export function createDomainsService(): DomainsService {
  return {
    async list(ctx) {
      const rows = await ctx.db
        .selectFrom('tenantDomains')
        .select([...SHOWN, 'token'])
        // tenant-site: auth.domains
        .where('tenantId', '=', ctx.tenantId)
        .orderBy('domain')
        .limit(1000)
        .execute()
      return rows.map((row) => shown(ctx, row))
    },
    async add(t, domain) {
      const known = await t.db
        .selectFrom('tenantDomains')
        .select([...SHOWN, 'token'])
        .where('tenantId', '=', t.tenantId)
        .where('domain', '=', domain)
        .executeTakeFirst()
      if (known) return shown(t, known)
      const token = `clientele-${t.get(Secrets).token(t, 18)}`
      return shown(t, await t.repo(TenantDomain).insert({ tenantId: t.tenantId, domain, token }))
    },
    async verify(ctx, id) {
      const row = await own(ctx, id)
      const { name, value } = recordOf(row)
      if (!(await isProved(ctx, row)))
        throw memberErrors['auth.domain_unproved']({ domain: row.domain, record: name, value })
      const proved = await ctx.tx(async (t) => {
        const taken = await t.db
          .selectFrom('tenantDomains')
          .select('id')
          .where('domain', '=', row.domain)
          .where('verifiedAt', 'is not', null)
          .where('tenantId', '<>', t.tenantId)
          .executeTakeFirst()
        if (taken) throw memberErrors['auth.domain_taken']({ domain: row.domain })
        const seen = { checkedAt: t.now(), missingSince: null }
        return t.repo(TenantDomain).patch(row.id, { verifiedAt: row.verifiedAt ?? t.now(), ...seen })
      })
      ctx.get(Tenants).forget()
      return shown(ctx, proved)
    },
    async remove(t, id) {
      const row = await own(t, id)
      await t.repo(TenantDomain).remove(row.id)
    },
  }
}

async function own(ctx: Ctx, id: string): Promise<TenantDomainRow> {
  const row = await ctx.repo(TenantDomain).get(id)
  // The same answer as for one that is not there.
  if (row.tenantId !== ctx.tenantId) throw coreErrors['entity.not_found']({ entity: 'tenantDomains', id })
  return row
}

/**
 * Whether the DNS says now whose a domain is.
 * @throws `auth.dns_unavailable`
 */
export async function isProved(ctx: Ctx, row: Pick<TenantDomainRow, 'domain' | 'token'>): Promise<boolean> {
  const { name, value } = recordOf(row)
  try {
    return (await ctx.get(Dns).txt(name)).includes(value)
  } catch (cause) {
    throw memberErrors['auth.dns_unavailable']({ domain: row.domain }, { cause })
  }
}

/** When a domain stops standing for its tenant, unless the record comes back. */
export function graceEnd(ctx: Ctx, missingSince: Timestamp): Timestamp {
  return toTimestamp(fromTimestamp(missingSince) + ctx.get(AuthConfigured).domainGraceDays * DAY_MS)
}

const DAY_MS = 86_400_000

function recordOf({ domain, token }: Pick<TenantDomainRow, 'domain' | 'token'>) {
  return { name: `_clientele.${domain}`, value: token }
}

function shown(ctx: Ctx, row: Pick<TenantDomainRow, (typeof SHOWN)[number] | 'token'>): DomainShown {
  const { id, domain, verifiedAt, checkedAt, missingSince, createdAt } = row
  const servedUntil = verifiedAt !== null && missingSince !== null ? graceEnd(ctx, missingSince) : null
  return { id, domain, verifiedAt, checkedAt, missingSince, servedUntil, createdAt, record: recordOf(row) }
}
