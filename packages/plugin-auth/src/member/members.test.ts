import { TenantContexts, type Actor, type Ctx } from '@clientele/core'
import { createTestClientele, eachStorage, type TestClientele, type TestStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { auth } from '../auth.plugin.ts'
import { Role } from '../role/role.entity.ts'
import { User } from '../user/user.entity.ts'
import { Access } from '../access/access.service.ts'
import { Sessions } from '../session/session.service.ts'
import { TenantMembers } from './member.service.ts'

type Shop = TestClientele<readonly [ReturnType<typeof auth>]>

const open = (storage: TestStorage): Promise<Shop> =>
  createTestClientele({
    storage,
    plugins: [auth()],
    tenancy: { mode: 'multi', tenants: async () => ['acme', 'other'] },
  })

async function addUser(shop: Shop, tenantId: string, email: string, role: string): Promise<string> {
  return shop.as({ tenantId }).tx(async (t) => {
    const { id } = await t.repo(User).insert({ email })
    await t.get(TenantMembers).add(t, id, role)
    return id
  })
}

/** Acts as the user does over HTTP. */
async function actorOf(shop: Shop, tenantId: string, userId: string): Promise<Actor> {
  const { ctx } = shop.as({ tenantId })
  const access = await ctx.get(Access).permissionsIn(ctx, userId, tenantId)
  return { kind: 'user', id: userId, permissions: access?.permissions ?? new Set() }
}

const rolesOf = async (shop: Shop, tenantId: string): Promise<Record<string, string>> => {
  const { items } = await shop.as({ tenantId }).api.auth.listUsers()
  return Object.fromEntries(items.map(({ email, role }) => [email, role]))
}

eachStorage((storage) => {
  test('fifty demotions of two super admins at once leave one', async () => {
    const shop = await open(storage)
    const both = [
      await addUser(shop, 'acme', 'ana@example.com', 'super_admin'),
      await addUser(shop, 'acme', 'ben@example.com', 'super_admin'),
    ]
    const { api } = shop.as({ tenantId: 'acme' })
    const demotions = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        api.auth.setUserRole({ params: { id: both[n % 2]! }, body: { role: 'viewer' } }),
      ),
    )
    const reasons = demotions.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(new Set(reasons)).toEqual(new Set(['auth.last_super_admin']))
    const roles = Object.values(await rolesOf(shop, 'acme'))
    expect(roles.toSorted()).toEqual(['super_admin', 'viewer'])
  })

  test('the last super admin cannot be demoted, switched off or deleted', async () => {
    const shop = await open(storage)
    const id = await addUser(shop, 'acme', 'ana@example.com', 'super_admin')
    await addUser(shop, 'other', 'ben@example.com', 'super_admin')
    const { api } = shop.as({ tenantId: 'acme' })
    const refused = { code: 'auth.last_super_admin', status: 409 }
    const body = { role: 'admin' }
    await expect(api.auth.setUserRole({ params: { id }, body })).rejects.toMatchObject(refused)
    const off = api.auth.updateUser({ params: { id }, body: { active: false } })
    await expect(off).rejects.toMatchObject(refused)
    await expect(api.auth.removeUser({ params: { id } })).rejects.toMatchObject(refused)
    expect(await rolesOf(shop, 'acme')).toEqual({ 'ana@example.com': 'super_admin' })
  })

  test('a user of one tenant is nobody in another', async () => {
    const shop = await open(storage)
    const id = await addUser(shop, 'other', 'ben@example.com', 'viewer')
    const { api, ctx } = shop.as({ tenantId: 'acme' })
    await expect(api.auth.getUser({ params: { id } })).rejects.toMatchObject({ code: 'entity.not_found' })
    await expect(api.auth.removeUser({ params: { id } })).rejects.toMatchObject({ status: 404 })
    expect(await ctx.get(Access).permissionsIn(ctx, id, 'acme')).toBe(null)
    expect(await ctx.get(Access).tenantsOf(ctx, id)).toEqual(['other'])
  })

  test('an admin may do everything but delete users and change roles, and nothing about the platform', async () => {
    const shop = await open(storage)
    await addUser(shop, 'acme', 'ana@example.com', 'super_admin')
    const ben = await addUser(shop, 'acme', 'ben@example.com', 'admin')
    const { permissions } = await actorOf(shop, 'acme', ben)
    expect(permissions).toContain('users:write')
    for (const missing of ['users:delete', 'users:grant', 'tenants:manage', 'system:read', '*'])
      expect(permissions).not.toContain(missing)
  })

  test('nobody hands on, or takes from others, what they do not hold', async () => {
    const shop = await open(storage)
    const ana = await addUser(shop, 'acme', 'ana@example.com', 'super_admin')
    const ben = await addUser(shop, 'acme', 'ben@example.com', 'admin')
    const actor = await actorOf(shop, 'acme', ben)
    const { api } = shop.as({ tenantId: 'acme', actor })
    const beyond = { code: 'auth.beyond_own' }
    const role = { key: 'boss', name: 'Boss', permissions: ['users:delete'] }
    await expect(api.auth.createRole({ body: role })).rejects.toMatchObject(beyond)
    const invitation = { email: 'eve@example.com', role: 'super_admin' }
    await expect(api.auth.createInvitation({ body: invitation })).rejects.toMatchObject(beyond)
    const off = api.auth.updateUser({ params: { id: ana }, body: { active: false } })
    await expect(off).rejects.toMatchObject(beyond)
    const key = { name: 'k', scopes: ['users:grant'] }
    await expect(api.auth.createApiKey({ body: key })).rejects.toMatchObject(beyond)
  })

  test('a role of the tenant’s own counts as it is now, and stays while somebody has it', async () => {
    const shop = await open(storage)
    await addUser(shop, 'acme', 'ana@example.com', 'super_admin')
    const { api } = shop.as({ tenantId: 'acme' })
    const role = await api.auth.createRole({
      body: { key: 'keeper', name: 'Keeper', permissions: ['users:read', 'files:read'] },
    })
    const ben = await addUser(shop, 'acme', 'ben@example.com', 'keeper')
    expect([...(await actorOf(shop, 'acme', ben)).permissions]).toEqual(['files:read', 'users:read'])
    await api.auth.updateRole({ params: { id: role.id }, body: { permissions: ['files:read'] } })
    expect([...(await actorOf(shop, 'acme', ben)).permissions]).toEqual(['files:read'])
    const removal = api.auth.removeRole({ params: { id: role.id } })
    await expect(removal).rejects.toMatchObject({ code: 'auth.role_in_use' })
    await api.auth.setUserRole({ params: { id: ben }, body: { role: 'viewer' } })
    await api.auth.removeRole({ params: { id: role.id } })
    const unknown = api.auth.setUserRole({ params: { id: ben }, body: { role: 'keeper' } })
    await expect(unknown).rejects.toMatchObject({ code: 'auth.unknown_role' })
  })

  test('a role goes though invitations to it are over, and though a plugin of its permissions is gone', async () => {
    const shop = await open(storage)
    const ana = await addUser(shop, 'acme', 'ana@example.com', 'super_admin')
    const { api, tx } = shop.as({ tenantId: 'acme', actor: await actorOf(shop, 'acme', ana) })
    const permissions = ['users:read', 'gone:read']
    const { id } = await tx((t) => t.repo(Role).insert({ key: 'keeper', name: 'Keeper', permissions }))
    const invitation = await api.auth.createInvitation({ body: { email: 'ben@example.com', role: 'keeper' } })
    await expect(api.auth.removeRole({ params: { id } })).rejects.toMatchObject({ code: 'auth.role_in_use' })
    await api.auth.revokeInvitation({ params: { id: invitation.id } })
    await api.auth.updateRole({ params: { id }, body: { name: 'Store keeper' } })
    await api.auth.removeRole({ params: { id } })
    const kept = await api.auth.getInvitation({ params: { id: invitation.id } })
    expect(kept).toMatchObject({ role: 'keeper', state: 'revoked' })
  })

  test('a platform permission is in no role of a tenant', async () => {
    const shop = await open(storage)
    const { api } = shop.as({ tenantId: 'acme' })
    const body = { key: 'spy', name: 'Spy', permissions: ['tenants:manage'] }
    await expect(api.auth.createRole({ body })).rejects.toMatchObject({ code: 'auth.unknown_permission' })
    const { roles } = await api.auth.listRoles()
    for (const { permissions } of roles) expect(permissions).not.toContain('tenants:manage')
  })

  test('deleting a user ends one place, and the user with the last', async () => {
    const shop = await open(storage)
    await addUser(shop, 'acme', 'ana@example.com', 'super_admin')
    const ben = await addUser(shop, 'acme', 'ben@example.com', 'viewer')
    await shop.as({ tenantId: 'other' }).tx((t) => t.get(TenantMembers).add(t, ben, 'viewer'))
    const { api, ctx } = shop.as({ tenantId: 'acme' })
    await api.auth.removeUser({ params: { id: ben } })
    expect(await ctx.get(Access).tenantsOf(ctx, ben)).toEqual(['other'])
    await shop.as({ tenantId: 'other' }).api.auth.removeUser({ params: { id: ben } })
    expect(await ctx.repo(User).find(ben)).toBe(null)
  })
})

test('an admin sees where users are signed in and signs them out, but not who holds more', async () => {
  const shop = await open('sqlite')
  const ana = await addUser(shop, 'acme', 'ana@example.com', 'super_admin')
  const ben = await addUser(shop, 'acme', 'ben@example.com', 'viewer')
  const eve = await addUser(shop, 'acme', 'eve@example.com', 'admin')
  const { api, tx, ctx } = shop.as({ tenantId: 'acme', actor: await actorOf(shop, 'acme', eve) })
  const device = { kind: 'bearer', ip: '127.0.0.1', userAgent: 'till' } as const
  for (const id of [ana, ben])
    await tx(async (t) => t.get(Sessions).begin(t, await t.repo(User).get(id), device))
  const listed = await api.auth.listUserSessions({ params: { id: ben } })
  expect(listed.items).toMatchObject([{ kind: 'bearer', userAgent: 'till' }])
  await api.auth.endUserSessions({ params: { id: ben } })
  expect(await ctx.get(Sessions).list(ctx, ben)).toEqual([])
  const beyond = api.auth.endUserSessions({ params: { id: ana } })
  await expect(beyond).rejects.toMatchObject({ code: 'auth.beyond_own' })
  const foreign = shop.as({ tenantId: 'other' }).api.auth.endUserSessions({ params: { id: ana } })
  await expect(foreign).rejects.toMatchObject({ code: 'entity.not_found' })
})

test('from one tenant there is no way into another', async () => {
  const shop = await open('sqlite')
  const { ctx }: { ctx: Ctx } = shop.as({ tenantId: 'acme' })
  expect(() => ctx.get(TenantContexts).open(ctx, 'other')).toThrow(/do not reach tenant/)
})
