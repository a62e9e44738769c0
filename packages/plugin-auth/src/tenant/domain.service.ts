import { coreErrors, defineService, Secrets, type Ctx, type Tx } from '@clientele/core'
import * as z from 'zod'
import { memberErrors } from '../members.errors.ts'
import { Dns } from './dns.ts'
import { TenantDomain, type TenantDomainRow } from './tenant.entity.ts'
import { Tenants } from './tenant.service.ts'

/** A domain with the record that proves it. */
export interface DomainShown extends Pick<TenantDomainRow, 'id' | 'domain' | 'verifiedAt' | 'createdAt'> {
  readonly record: { readonly name: string; readonly value: string }
}

/** Host names of the tenant. One counts once a TXT record has proved it, and then for no other tenant. */
export interface DomainsService {
  list(ctx: Ctx): Promise<readonly DomainShown[]>
  /** The same domain again answers what is there. */
  add(t: Tx, domain: string): Promise<DomainShown>
  /** Looks at the DNS. @throws `auth.domain_unproved`, `auth.domain_taken`, `entity.not_found` */
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
        .select(['id', 'domain', 'token', 'verifiedAt', 'createdAt'])
        // tenant-site: auth.domains
        .where('tenantId', '=', ctx.tenantId)
        .orderBy('domain')
        .limit(1000)
        .execute()
      return rows.map(shown)
    },
    async add(t, domain) {
      const known = await t.db
        .selectFrom('tenantDomains')
        .select(['id', 'domain', 'token', 'verifiedAt', 'createdAt'])
        .where('tenantId', '=', t.tenantId)
        .where('domain', '=', domain)
        .executeTakeFirst()
      if (known) return shown(known)
      const token = `clientele-${t.get(Secrets).token(t, 18)}`
      return shown(await t.repo(TenantDomain).insert({ tenantId: t.tenantId, domain, token }))
    },
    async verify(ctx, id) {
      const row = await own(ctx, id)
      const { record } = shown(row)
      const found = await ctx.get(Dns).txt(record.name)
      if (!found.includes(record.value))
        throw memberErrors['auth.domain_unproved']({
          domain: row.domain,
          record: record.name,
          value: record.value,
        })
      const proved = await ctx.tx(async (t) => {
        const taken = await t.db
          .selectFrom('tenantDomains')
          .select('id')
          .where('domain', '=', row.domain)
          .where('verifiedAt', 'is not', null)
          .where('tenantId', '<>', t.tenantId)
          .executeTakeFirst()
        if (taken) throw memberErrors['auth.domain_taken']({ domain: row.domain })
        return t.repo(TenantDomain).patch(row.id, { verifiedAt: row.verifiedAt ?? t.now() })
      })
      ctx.get(Tenants).forget()
      return shown(proved)
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

function shown({
  id,
  domain,
  token,
  verifiedAt,
  createdAt,
}: Omit<TenantDomainRow, 'tenantId' | 'version' | 'updatedAt'>): DomainShown {
  return { id, domain, verifiedAt, createdAt, record: { name: `_clientele.${domain}`, value: token } }
}
