import { hasPermission } from '@clientele/core'
import {
  createTestClientele,
  eachStorage,
  seededRandom,
  type TestActor,
  type TestClientele,
} from '@clientele/testing'
import { expect, test } from 'vitest'
import { auth } from '../auth.plugin.ts'
import { Access } from '../access/access.service.ts'
import { TenantMembers } from '../member/member.service.ts'
import { User } from '../user/user.entity.ts'
import { ApiKey } from './api-key.entity.ts'
import { readKey, writeKey } from './key-text.ts'

const HEX = '0123456789abcdef'.split('')

type Shop = TestClientele<readonly [ReturnType<typeof auth>]>
type Response = Awaited<ReturnType<Shop['fetch']>>

eachStorage((storage) => {
  const open = (): Promise<Shop> =>
    createTestClientele({
      storage,
      plugins: [auth()],
      tenancy: { mode: 'multi', tenants: async () => ['acme', 'other'] },
    })

  test('a key acts in its tenant, by its scopes, and nowhere else', async () => {
    const shop = await open()
    const { key, apiKey } = await shop
      .as({ tenantId: 'acme' })
      .api.auth.createApiKey({ body: { name: 'sync', scopes: ['users:read'] } })
    expect(key).toMatch(/^clk_acme_[0-9a-f]{32}_[0-9a-f]{48}_[0-9a-f]{8}$/)
    expect(JSON.stringify(apiKey)).not.toContain(key.split('_')[3])
    expect((await get(shop, '/api/v1/admin/users', key)).status).toBe(200)
    expect((await get(shop, '/api/v1/tenants/acme/admin/users', key)).status).toBe(200)
    expect((await get(shop, '/api/v1/tenants/other/admin/users', key)).json.code).toBe('http.foreign_tenant')
    expect((await get(shop, '/api/v1/admin/api-keys', key)).json.code).toBe('http.forbidden')
    expect((await get(shop, '/api/v1/operator/tenants', key)).json.code).toBe('http.forbidden')
  })

  test('a revoked key, one that is over and one that was changed are refused', async () => {
    const shop = await open()
    const { api } = shop.as({ tenantId: 'acme' })
    const scopes = ['users:read']
    const { key, apiKey } = await api.auth.createApiKey({ body: { name: 'a', scopes } })
    const short = await api.auth.createApiKey({
      body: { name: 'b', scopes, expiresAt: '2026-01-15T13:00:00.000Z' },
    })
    const parts = readKey(key)!
    const foreign = writeKey({ ...parts, tenantId: 'other' })
    const guessed = writeKey({ ...parts, secret: '0'.repeat(48) })
    for (const wrong of [foreign, guessed, `${key.slice(0, -1)}x`, 'clk_acme', `${key}0`])
      expect((await get(shop, '/api/v1/admin/users', wrong)).status, wrong).toBe(401)
    expect((await get(shop, '/api/v1/admin/users', short.key)).status).toBe(200)
    shop.clock.advance(3_600_000)
    expect((await get(shop, '/api/v1/admin/users', short.key)).json.code).toBe('auth.invalid_credentials')
    await api.auth.revokeApiKey({ params: { id: apiKey.id } })
    expect((await get(shop, '/api/v1/admin/users', key)).status).toBe(401)
  })

  test('somebody without a role in the tenant is told so, instead of getting a key that lets nobody in', async () => {
    const shop = await open()
    const { id } = await member(shop, 'ben@example.com', 'admin')
    const body = { name: 'k', scopes: ['users:read'] }
    for (const stranger of ['clerk-of-the-host', id]) {
      const as: TestActor = { id: stranger, tenants: ['other'] }
      const refused = await shop.fetch('/api/v1/admin/api-keys', { method: 'POST', as, body })
      expect(refused.status).toBe(403)
      expect(refused.json.code).toBe('auth.key_without_role')
    }
    expect(await shop.as({ tenantId: 'other' }).api.auth.listApiKeys()).toMatchObject({ items: [] })
  })

  test('a key loses what its maker loses', async () => {
    const shop = await open()
    const actor = await member(shop, 'ben@example.com', 'admin')
    const mine = shop.as({ tenantId: 'acme', actor })
    const { key } = await mine.api.auth.createApiKey({ body: { name: 'k', scopes: ['users:read'] } })
    expect((await get(shop, '/api/v1/admin/users', key)).status).toBe(200)
    const { api } = shop.as({ tenantId: 'acme' })
    await api.auth.setUserRole({ params: { id: actor.id }, body: { role: 'viewer' } })
    expect((await get(shop, '/api/v1/admin/users', key)).json.code).toBe('http.forbidden')
    await api.auth.updateUser({ params: { id: actor.id }, body: { active: false } })
    expect((await get(shop, '/api/v1/admin/users', key)).json.code).toBe('auth.invalid_credentials')
  })

  test('its use is written at most once a minute, and its secret nowhere', async () => {
    const shop = await open()
    const { api, ctx } = shop.as({ tenantId: 'acme' })
    const { key, apiKey } = await api.auth.createApiKey({ body: { name: 'k', scopes: ['users:read'] } })
    const lastUsedAt = async (): Promise<string | null> => (await ctx.repo(ApiKey).get(apiKey.id)).lastUsedAt
    expect(await lastUsedAt()).toBe(null)
    await get(shop, '/api/v1/admin/users', key)
    const first = await lastUsedAt()
    expect(first).toBe(ctx.now())
    shop.clock.advance(59_000)
    await get(shop, '/api/v1/admin/users', key)
    expect(await lastUsedAt()).toBe(first)
    shop.clock.advance(1000)
    await get(shop, '/api/v1/admin/users', key)
    expect(await lastUsedAt()).toBe(ctx.now())
    const row = await ctx.db.selectFrom('apiKeys').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(readKey(key)!.secret)
  })

  test('a key makes no keys, and in a URL it is none', async () => {
    const shop = await open()
    const { api } = shop.as({ tenantId: 'acme' })
    const { key } = await api.auth.createApiKey({ body: { name: 'k', scopes: ['api-keys:write'] } })
    const made = await shop.fetch('/api/v1/admin/api-keys', {
      as: null,
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: { name: 'k2', scopes: ['api-keys:write'] },
    })
    expect(made.json.code).toBe('auth.key_by_key')
    expect((await shop.fetch(`/api/v1/admin/users?key=${key}`, { as: null })).status).toBe(401)
  })
})

test('the text of a key is read back as it was, and a changed character is noticed', () => {
  const random = seededRandom(4711)
  const hex = (length: number): string => Array.from({ length }, () => random.pick(HEX)).join('')
  for (let n = 0; n < 500; n++) {
    const id = hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    const parts = {
      tenantId: random.pick(['a', 'acme', 'a-shop-of-32-letters-or-digits-0']),
      id,
      secret: hex(48),
    }
    const text = writeKey(parts)
    expect(readKey(text)).toEqual(parts)
    const place = Math.floor(random.number() * text.length)
    const changed = text.slice(0, place) + random.pick(HEX) + text.slice(place + 1)
    if (changed !== text) expect(readKey(changed), changed).toBe(null)
  }
})

function get(shop: Shop, path: string, key: string): Promise<Response> {
  return shop.fetch(path, { as: null, headers: { authorization: `Bearer ${key}` } })
}

async function member(shop: Shop, email: string, role: string) {
  const { tx, ctx } = shop.as({ tenantId: 'acme' })
  const id = await tx(async (t) => {
    const user = await t.repo(User).insert({ email })
    await t.get(TenantMembers).add(t, user.id, role)
    return user.id
  })
  const access = await ctx.get(Access).permissionsIn(ctx, id, 'acme')
  const actor = { kind: 'user', id, permissions: access!.permissions } as const
  expect(hasPermission(actor, 'api-keys:write')).toBe(true)
  return actor
}
