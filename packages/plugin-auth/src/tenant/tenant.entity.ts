import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'

/** How much a tenant may have; null is no limit. */
export const quotasSchema = z.strictObject({
  customers: z.int().min(0).nullable().default(null).describe('Customers at once'),
  eventsPerMonth: z
    .int()
    .min(0)
    .nullable()
    .default(null)
    .describe('Customer events received in a month, in UTC'),
  keys: z.int().min(0).nullable().default(null).describe('API keys that are not revoked'),
})
/** How much a tenant may have of what is limited; null is no limit. */
export type Quotas = z.output<typeof quotasSchema>

/** A tenant's id, as in host names and paths; it never changes and is never used again. */
export const tenantIdSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    'must be 1 to 32 lower-case letters, digits and hyphens, and begin with no hyphen',
  )

const tenantStates = ['active', 'suspended', 'deleting', 'deleted'] as const

/** A tenant of the platform. What it is called, its brand and its currency are its settings. */
export const Tenant = defineEntity(
  'tenants',
  {
    tenantId: col.text(tenantIdSchema).unique().filterable().sortable(),
    state: col.enum(tenantStates).default('active').filterable().sortable().index(),
    reason: col.text(z.string().max(1000)).default('').describe('Why it is suspended or goes'),
    quotas: col.json(quotasSchema).default({ customers: null, eventsPerMonth: null, keys: null }),
    isLimited: col.boolean().default(false).index().describe('Whether any quota is set'),
    deleteAt: col.timestamp().nullable().describe('From when on its rows are deleted'),
    goneAt: col.timestamp().nullable(),
  },
  {
    tenancy: { global: 'it is what tenants are known by' },
    label: 'tenantId',
    description: 'The tenants of the platform',
  },
)

/** A tenant as queries see one. */
export interface TenantRow extends RowOf<typeof Tenant> {}

/** A host name that stands for a tenant, once it has proved to own it. */
export const TenantDomain = defineEntity(
  'tenantDomains',
  {
    tenantId: col.text(tenantIdSchema).index(),
    domain: col.text(z.string().max(253)).index(),
    token: col.text(z.string().max(64)).describe('What the TXT record must say; nothing secret'),
    verifiedAt: col.timestamp().nullable().describe('Since when it stands for the tenant'),
    checkedAt: col.timestamp().nullable().describe('When the DNS was last asked'),
    missingSince: col.timestamp().nullable().describe('Since when the DNS does not prove it any more'),
  },
  {
    tenancy: { global: 'a request names a host before it is known which tenant that is' },
    indexes: [
      { on: ['tenantId', 'domain'], unique: true },
      { on: ['domain'], unique: true, where: 'verified_at is not null' },
    ],
    description: 'Host names that stand for tenants',
  },
)

/** A domain as queries see one. */
export interface TenantDomainRow extends RowOf<typeof TenantDomain> {}

/** Everything of a tenant as files. */
export const TenantExport = defineEntity(
  'tenantExports',
  {
    tenantId: col.text(tenantIdSchema).filterable().index(),
    state: col.enum(['waiting', 'done']).default('waiting').filterable(),
    files: col
      .json(z.array(z.object({ name: z.string(), fileId: z.string(), rows: z.int() })))
      .default([])
      .describe('One for each kind of row: a JSON object a line, without secrets'),
    expiresAt: col.timestamp(),
    finishedAt: col.timestamp().nullable(),
  },
  {
    tenancy: { global: 'an operator exports a tenant from outside of it' },
    description: 'Everything of a tenant as files',
  },
)

/** An export of a tenant, as queries see one. */
export interface TenantExportRow extends RowOf<typeof TenantExport> {}
