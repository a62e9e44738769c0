import {
  Audit,
  coreErrors,
  Files,
  idParams,
  listQuery,
  pageOf,
  reply,
  route,
  fromTimestamp,
  toTimestamp,
  TenantContexts,
  type Ctx,
} from '@clientele/core'
import * as z from 'zod'
import { AuthConfigured } from '../auth.config.ts'
import { ExportTenant } from './export-tenant.ts'
import { quotasSchema, Tenant, TenantExport, tenantIdSchema } from './tenant.entity.ts'
import { Tenants } from './tenant.service.ts'

const params = z.object({ tenantId: tenantIdSchema })
const reason = z.string().min(1).max(1000).describe('For the audit log, and for whoever asks why')
const quotaChanges = z.strictObject({
  customers: quotasSchema.shape.customers.unwrap().optional(),
  eventsPerMonth: quotasSchema.shape.eventsPerMonth.unwrap().optional(),
  keys: quotasSchema.shape.keys.unwrap().optional(),
})
const manages = { permission: 'tenants:manage', scope: 'instance', tags: ['operator'] } as const

const KEPT_MS = 7 * 86_400_000

/** Tenants, for platform operators. With one tenant there is nothing to manage. */
export const tenantRoutes = {
  listTenants: route.get({
    ...manages,
    path: '/api/v1/operator/tenants',
    summary: 'List tenants',
    query: listQuery(Tenant),
    response: pageOf(Tenant.row),
    handler: ({ query }, ctx) => ctx.repo(Tenant).list(query),
  }),
  createTenant: route.post({
    ...manages,
    path: '/api/v1/operator/tenants',
    summary: 'Create a tenant; its id never changes',
    // Its rows are written in the tenant, not in the context of the request.
    idempotency: 'ignored',
    body: z.object({
      tenantId: tenantIdSchema,
      name: z.string().min(1).max(200).optional(),
      quotas: quotaChanges.optional(),
    }),
    response: Tenant.row,
    status: 201,
    handler: async ({ body }, ctx) => {
      const made = await ctx.get(Tenants).create(ctx, body)
      return reply(made, { headers: { location: `/api/v1/operator/tenants/${made.tenantId}` } })
    },
  }),
  getTenant: route.get({
    ...manages,
    path: '/api/v1/operator/tenants/:tenantId',
    summary: 'Read a tenant',
    params,
    response: Tenant.row,
    handler: (request, ctx) => ctx.get(Tenants).get(ctx, request.params.tenantId),
  }),
  setTenantQuotas: route.put({
    ...manages,
    path: '/api/v1/operator/tenants/:tenantId/quotas',
    summary: 'Say how much a tenant may have; what is left out stays, null is no limit',
    idempotency: 'ignored',
    params,
    body: quotaChanges,
    response: Tenant.row,
    handler: (request, ctx) => ctx.get(Tenants).setQuotas(ctx, request.params.tenantId, request.body),
  }),
  suspendTenant: route.post({
    ...manages,
    path: '/api/v1/operator/tenants/:tenantId/suspend',
    summary: 'Suspend a tenant: its credentials are refused and its jobs wait',
    idempotency: 'ignored',
    params,
    body: z.object({ reason }),
    response: Tenant.row,
    handler: (request, ctx) => ctx.get(Tenants).suspend(ctx, request.params.tenantId, request.body.reason),
  }),
  resumeTenant: route.post({
    ...manages,
    path: '/api/v1/operator/tenants/:tenantId/resume',
    summary: 'Let a suspended tenant work again, or call off its deletion',
    idempotency: 'ignored',
    params,
    response: Tenant.row,
    handler: (request, ctx) => ctx.get(Tenants).resume(ctx, request.params.tenantId),
  }),
  deleteTenant: route.post({
    ...manages,
    path: '/api/v1/operator/tenants/:tenantId/delete',
    summary: 'Delete a tenant with all its rows, after a grace in which it can be resumed',
    idempotency: 'ignored',
    params,
    body: z.object({
      reason,
      graceDays: z.number().min(0).max(365).optional().describe('The host’s unless given'),
    }),
    response: Tenant.row,
    status: 202,
    handler: (request, ctx) => {
      const { graceDays = ctx.get(AuthConfigured).tenantGraceDays, reason: why } = request.body
      return ctx.get(Tenants).startDeletion(ctx, request.params.tenantId, { graceDays, reason: why })
    },
  }),
  exportTenant: route.post({
    ...manages,
    path: '/api/v1/operator/tenants/:tenantId/exports',
    summary: 'Export everything of a tenant, one file for each kind of row',
    params,
    response: TenantExport.row,
    status: 202,
    handler: async (request, ctx) => {
      const { tenantId } = await ctx.get(Tenants).get(ctx, request.params.tenantId)
      await tellTenant(ctx, tenantId, 'auth.tenant-export-started')
      return ctx.tx(async (t) => {
        const expiresAt = toTimestamp(fromTimestamp(t.now()) + KEPT_MS)
        const made = await t.repo(TenantExport).insert({ tenantId, expiresAt })
        await t.enqueue(ExportTenant, { exportId: made.id })
        return made
      })
    },
  }),
  getTenantExport: route.get({
    ...manages,
    path: '/api/v1/operator/tenant-exports/:id',
    summary: 'How far an export of a tenant is, and its files',
    params: idParams,
    response: TenantExport.row,
    handler: (request, ctx) => ctx.repo(TenantExport).get(request.params.id),
  }),
  downloadTenantExport: route.get({
    ...manages,
    path: '/api/v1/operator/tenant-exports/:id/:file',
    summary: 'Download a file of an export of a tenant',
    params: z.object({ id: idParams.shape.id, file: z.string().max(200) }),
    produces: 'application/x-ndjson',
    handler: async (request, ctx) => {
      const { id, file } = request.params
      const { tenantId, files } = await ctx.repo(TenantExport).get(id)
      const found = files.find(({ name }) => name === file)
      if (!found) throw coreErrors['entity.not_found']({ entity: 'tenantExports', id: file })
      const inTenant = await tellTenant(ctx, tenantId, 'auth.tenant-export-downloaded', { file })
      const { content } = await ctx.get(Files).open(inTenant, found.fileId)
      const disposition = `attachment; filename="${found.name}"`
      return reply<never>(content, {
        headers: { 'content-disposition': disposition, 'x-content-type-options': 'nosniff' },
      })
    },
  }),
}

/** What leaves a tenant stands in its own trail, whoever took it out. Answers a context in the tenant. */
async function tellTenant(
  ctx: Ctx,
  tenantId: string,
  action: string,
  details: Readonly<Record<string, string>> = {},
): Promise<Ctx> {
  const inTenant = ctx.get(TenantContexts).open(ctx, tenantId)
  await ctx.get(Audit).record(inTenant, { action, entity: Tenant.name, details })
  return inTenant
}
