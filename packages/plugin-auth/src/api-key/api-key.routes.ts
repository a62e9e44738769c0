import { idParams, listQuery, pageOf, reply, route, timestampSchema } from '@clientele/core'
import * as z from 'zod'
import { permissionList } from '../role/role.entity.ts'
import { ApiKey } from './api-key.entity.ts'
import { ApiKeys } from './api-key.service.ts'

const shown = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  hint: z.string().describe('The end of the key'),
  madeByKind: z.string(),
  madeById: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.int(),
})
const newKey = z.object({
  name: z.string().min(1).max(200),
  scopes: permissionList.min(1).describe('Permissions that you hold: orders:read'),
  expiresAt: timestampSchema.nullable().optional(),
})

/** Keys with which programs act in the tenant. */
export const apiKeyRoutes = {
  listApiKeys: route.get({
    path: '/api/v1/admin/api-keys',
    permission: 'api-keys:read',
    summary: 'List API keys, without their secrets',
    query: listQuery(ApiKey),
    response: pageOf(shown),
    handler: ({ query }, ctx) => ctx.repo(ApiKey).list(query),
  }),
  createApiKey: route.post({
    path: '/api/v1/admin/api-keys',
    permission: 'api-keys:write',
    summary: 'Make an API key; the answer shows it once',
    // The answer must not be kept: it holds the key.
    idempotency: 'ignored',
    body: newKey,
    response: z.object({ apiKey: shown, key: z.string().describe('Shown this once') }),
    status: 201,
    handler: async ({ body }, ctx) => {
      const made = await ctx.tx((t) => t.get(ApiKeys).create(t, body))
      return reply(made, { headers: { location: `/api/v1/admin/api-keys/${made.apiKey.id}` } })
    },
  }),
  getApiKey: route.get({
    path: '/api/v1/admin/api-keys/:id',
    permission: 'api-keys:read',
    summary: 'Read an API key, without its secret',
    params: idParams,
    response: shown,
    handler: ({ params }, ctx) => ctx.repo(ApiKey).get(params.id),
  }),
  revokeApiKey: route.post({
    path: '/api/v1/admin/api-keys/:id/revoke',
    permission: 'api-keys:write',
    summary: 'Revoke an API key for good; its next request is refused',
    params: idParams,
    response: shown,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(ApiKeys).revoke(t, params.id)),
  }),
}
