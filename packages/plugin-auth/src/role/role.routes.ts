import { idParams, Permissions, reply, route, versionOf } from '@clientele/core'
import * as z from 'zod'
import { permissionList, Role, roleKey } from './role.entity.ts'
import { Roles } from './role.service.ts'

const shown = z.object({
  id: z.string().nullable().describe('Null for a built-in role'),
  key: z.string(),
  name: z.string(),
  description: z.string(),
  builtin: z.boolean(),
  permissions: z.array(z.string()),
})
const newRole = z.object({
  key: roleKey,
  name: z.string().min(1).max(100),
  description: z.string().max(1000).optional(),
  permissions: permissionList,
})
const roleChanges = z.object({
  name: z.string().min(1).max(100).optional(),
  description: z.string().max(1000).optional(),
  permissions: permissionList.optional(),
})

/** The roles of a tenant, and what they can be made of. */
export const roleRoutes = {
  listPermissions: route.get({
    path: '/api/v1/admin/permissions',
    permission: 'users:read',
    summary: 'List what roles and keys can be made of',
    response: z.object({
      permissions: z.array(z.object({ key: z.string(), plugin: z.string(), label: z.string() })),
    }),
    handler: (_request, ctx) => {
      const known = ctx.get(Permissions).list(ctx)
      return {
        permissions: known
          .filter(({ platform }) => !platform)
          .map(({ key, plugin, label }) => ({ key, plugin, label })),
      }
    },
  }),
  listRoles: route.get({
    path: '/api/v1/admin/roles',
    permission: 'users:read',
    summary: 'List roles, the built-in ones first',
    response: z.object({ roles: z.array(shown) }),
    handler: async (_request, ctx) => ({ roles: await ctx.get(Roles).list(ctx) }),
  }),
  createRole: route.post({
    path: '/api/v1/admin/roles',
    permission: 'roles:write',
    summary: 'Make a role of permissions you hold',
    body: newRole,
    response: Role.row,
    status: 201,
    handler: async ({ body }, ctx) => {
      const made = await ctx.tx((t) => t.get(Roles).create(t, body))
      return reply(made, { headers: { location: `/api/v1/admin/roles/${made.id}` } })
    },
  }),
  getRole: route.get({
    path: '/api/v1/admin/roles/:id',
    permission: 'users:read',
    summary: 'Read a role of the tenant’s own',
    params: idParams,
    response: Role.row,
    handler: ({ params }, ctx) => ctx.repo(Role).get(params.id),
  }),
  updateRole: route.patch({
    path: '/api/v1/admin/roles/:id',
    permission: 'roles:write',
    summary: 'Change a role of the tenant’s own; whoever has it has what it says with the next request',
    params: idParams,
    body: roleChanges,
    response: Role.row,
    handler: ({ params, body, headers }, ctx) =>
      ctx.tx((t) => t.get(Roles).update(t, params.id, body, versionOf(headers))),
  }),
  removeRole: route.delete({
    path: '/api/v1/admin/roles/:id',
    permission: 'roles:write',
    summary: 'Remove a role that nobody has',
    params: idParams,
    handler: ({ params, headers }, ctx) =>
      ctx.tx((t) => t.get(Roles).remove(t, params.id, versionOf(headers))),
  }),
}
