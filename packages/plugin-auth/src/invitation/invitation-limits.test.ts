import { createTestClientele, eachStorage, mailbox } from '@clientele/testing'
import { expect, test } from 'vitest'
import { auth } from '../auth.plugin.ts'
import { TenantMembers } from '../member/member.service.ts'
import { Users } from '../user/users.service.ts'
import { Access } from '../access/access.service.ts'

eachStorage((storage) => {
  const open = async () => {
    const mails = mailbox()
    const shop = await createTestClientele({
      storage,
      plugins: [auth()],
      mail: { transport: mails },
      tenancy: { mode: 'multi', tenants: async () => ['acme', 'other'] },
    })
    const { ctx, tx } = shop.as({ tenantId: 'acme' })
    const ben = await tx(async (t) => {
      const { id } = await t.get(Users).prove(t, { email: 'ben@example.com' })
      await t.get(TenantMembers).add(t, id, 'admin')
      return id
    })
    const access = await ctx.get(Access).permissionsIn(ctx, ben, 'acme')
    const permissions = [...access!.permissions]
    const invite = (email: string, headers: Readonly<Record<string, string>> = {}, tenantId = 'acme') =>
      shop.fetch('/api/v1/admin/invitations', {
        method: 'POST',
        as: headers['authorization'] ? null : { id: ben, permissions, tenants: [tenantId] },
        headers,
        body: { email, role: 'viewer' },
      })
    return { shop, ben, permissions, invite, mails }
  }

  test('one address is asked five times a day, whoever asks; another tenant asks as it likes', async () => {
    const { shop, invite, mails } = await open()
    for (let n = 0; n < 5; n++) expect((await invite('ana@example.com')).status).toBe(201)
    const refused = await invite(' Ana@Example.com')
    expect(refused.status).toBe(429)
    expect(refused.json).toMatchObject({ code: 'http.too_many_requests' })
    expect(refused.json.detail).toContain('"auth.invitations-to" of 5 in 86400 seconds')
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(86_400)
    await expect(
      shop.as({ tenantId: 'acme' }).api.auth.createInvitation({
        body: { email: 'ana@example.com', role: 'viewer' },
      }),
    ).rejects.toMatchObject({ code: 'http.too_many_requests' })
    expect((await invite('ana@example.com', {}, 'other')).status).toBe(201)
    shop.clock.advance(seconds * 1000)
    expect((await invite('ana@example.com')).status).toBe(201)
    await shop.drain()
    expect(mails.mails).toHaveLength(7)
  })

  test('one person asks thirty an hour, also by their keys, and a retry with a key of its own counts', async () => {
    const { shop, ben, permissions, invite } = await open()
    const actor = { kind: 'user', id: ben, permissions: new Set(permissions) } as const
    const byBen = shop.as({ tenantId: 'acme', actor }).api.auth
    const { key } = await byBen.createApiKey({ body: { name: 'hr', scopes: ['users:write', 'users:read'] } })
    const own = { authorization: `Bearer ${key}` }
    for (let n = 0; n < 30; n++) {
      const headers = n % 2 ? { 'idempotency-key': `invite-${n}` } : {}
      expect((await invite(`${n}@example.com`, headers)).status).toBe(201)
    }
    for (const headers of [{}, own]) {
      const { status, json, headers: answered } = await invite('one-more@example.com', headers)
      expect([status, json.detail]).toEqual([429, expect.stringContaining('"auth.invitations" of 30')])
      expect(Number(answered.get('retry-after'))).toBeLessThanOrEqual(3600)
    }
    // Nobody was asked, so nothing was counted for that address, and others go on.
    await shop
      .as({ tenantId: 'acme' })
      .api.auth.createInvitation({ body: { email: 'one-more@example.com', role: 'viewer' } })
  })
})
