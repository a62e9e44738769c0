import { idParams, listQuery, pageOf, route, versionOf, type Ctx } from '@clientele/core'
import * as z from 'zod'
import { memberErrors } from '../members.errors.ts'
import { roleKey } from '../role/role.entity.ts'
import { personNameSchema, User } from '../user/user.entity.ts'
import { TenantMember, type TenantMemberRow } from './member.entity.ts'
import { TenantMembers, worksElsewhere, type Member } from './member.service.ts'

export const memberShown = z.object({
  id: z.string().describe('Of the user'),
  email: z.string(),
  name: z.string(),
  role: z.string(),
  active: z.boolean().describe('Whether they may work here'),
  verifiedAt: z.string().nullable(),
  lastSignInAt: z.string().nullable(),
  createdAt: z.string().describe('Since when they work here'),
  updatedAt: z.string(),
  version: z.int().describe('Of what they are here; their ETag'),
})
const changes = z.object({ active: z.boolean().optional(), name: personNameSchema.optional() })

/** The users of a tenant. */
export const memberRoutes = {
  listUsers: route.get({
    path: '/api/v1/admin/users',
    permission: 'users:read',
    summary: 'List the users of the tenant',
    query: listQuery(TenantMember),
    response: pageOf(memberShown),
    handler: async ({ query }, ctx) => {
      const page = await ctx.repo(TenantMember).list(query)
      const users = await ctx.repo(User).getMany(page.items.map(({ userId }) => userId))
      const byId = new Map(users.map((user) => [user.id, user]))
      const members = page.items.flatMap((member) => {
        const user = byId.get(member.userId)
        return user ? [show({ user, member })] : []
      })
      return { ...page, items: members }
    },
  }),
  getUser: route.get({
    path: '/api/v1/admin/users/:id',
    permission: 'users:read',
    summary: 'Read a user of the tenant',
    params: idParams,
    response: memberShown,
    handler: async ({ params }, ctx) => show(await ctx.get(TenantMembers).get(ctx, params.id)),
  }),
  updateUser: route.patch({
    path: '/api/v1/admin/users/:id',
    permission: 'users:write',
    summary: 'Switch a user of the tenant off or on, or rename one who works nowhere else',
    params: idParams,
    body: changes,
    response: memberShown,
    handler: ({ params: { id }, body, headers }, ctx) =>
      ctx.tx(async (t) => {
        const { active, name } = body
        const { member } = await t.get(TenantMembers).get(t, id)
        const stays = active ?? member.active
        await t.get(TenantMembers).setActive(t, id, stays, versionOf(headers))
        if (name !== undefined) {
          if (await worksElsewhere(t, id)) throw memberErrors['auth.shared_user']({ userId: id })
          await t.repo(User).patch(id, { name })
        }
        return shownNow(t, id)
      }),
  }),
  setUserRole: route.put({
    path: '/api/v1/admin/users/:id/role',
    permission: 'users:grant',
    summary: 'Give a user of the tenant another role; it counts with their next request',
    params: idParams,
    body: z.object({ role: roleKey }),
    response: memberShown,
    handler: ({ params: { id }, body, headers }, ctx) =>
      ctx.tx(async (t) => {
        await t.get(TenantMembers).setRole(t, id, body.role, versionOf(headers))
        return shownNow(t, id)
      }),
  }),
  removeUser: route.delete({
    path: '/api/v1/admin/users/:id',
    permission: 'users:delete',
    summary: 'Delete a user from the tenant, and altogether when they work nowhere else',
    params: idParams,
    handler: ({ params, headers }, ctx) =>
      ctx.tx((t) => t.get(TenantMembers).remove(t, params.id, versionOf(headers))),
  }),
}

async function shownNow(ctx: Ctx, userId: string): Promise<z.output<typeof memberShown>> {
  return show(await ctx.get(TenantMembers).get(ctx, userId))
}

function show({ user, member }: Member): z.output<typeof memberShown> {
  const { email, name, verifiedAt, lastSignInAt } = user
  const { role, active, createdAt, updatedAt, version: of }: TenantMemberRow = member
  return {
    id: user.id,
    email,
    name,
    role,
    active,
    verifiedAt,
    lastSignInAt,
    createdAt,
    updatedAt,
    version: of,
  }
}
