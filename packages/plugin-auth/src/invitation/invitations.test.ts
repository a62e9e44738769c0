import type { Mail } from '@clientele/core'
import { createTestClientele, eachStorage, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { mailRecorder, noteRecorder, type TenantNote } from '../accounts.fixture.ts'
import { Access } from '../access/access.service.ts'
import { auth } from '../auth.plugin.ts'
import { TenantMembers } from '../member/member.service.ts'
import { Users } from '../user/users.service.ts'
import { Invitation } from './invitation.entity.ts'

type Shop = TestClientele<readonly [ReturnType<typeof auth>]>

const PASSWORD = 'correct horse battery'

eachStorage((storage) => {
  const open = async (): Promise<{ shop: Shop; mails: readonly Mail[]; notes: readonly TenantNote[] }> => {
    const { mails, provider } = mailRecorder()
    const { notes, plugin } = noteRecorder()
    const shop = await createTestClientele({
      storage,
      plugins: [auth({ baseUrl: 'https://crm.example.com' }), plugin],
      overrides: [provider],
      tenancy: { mode: 'multi', tenants: async () => ['acme', 'other'] },
    })
    return { shop, mails, notes }
  }
  const invite = (shop: Shop, tenantId: string, role = 'editor') =>
    shop.as({ tenantId }).api.auth.createInvitation({ body: { email: 'Ana@Example.com', role } })
  const accept = (shop: Shop, body: object) =>
    shop.fetch('/api/auth/invitations/accept', { as: null, method: 'POST', body })
  const rolesIn = async (shop: Shop, tenantId: string): Promise<readonly string[]> => {
    const { items } = await shop.as({ tenantId }).api.auth.listUsers()
    return items.map(({ email, role }) => `${email} ${role}`)
  }

  test('somebody without an account gets one by accepting, and can sign in', async () => {
    const { shop, mails } = await open()
    await invite(shop, 'acme')
    const token = tokenIn(mails)
    expect(mails[0]).toMatchObject({ to: 'ana@example.com', purpose: 'auth.invitation' })
    expect(mails[0]?.text).toContain(`https://crm.example.com/admin/invitation#token=${token}`)
    const accepted = await accept(shop, { token, name: 'Ana', password: PASSWORD })
    expect(accepted.json.tenantId).toBe('acme')
    expect(await rolesIn(shop, 'acme')).toEqual(['ana@example.com editor'])
    const signedIn = await shop.fetch('/api/auth/token', {
      as: null,
      method: 'POST',
      body: { email: 'ana@example.com', password: PASSWORD },
    })
    const authorization = `Bearer ${signedIn.json.accessToken}`
    const settings = await shop.fetch('/api/v1/settings/tenant', { as: null, headers: { authorization } })
    expect(settings.status).toBe(200)
  })

  test('somebody with an account keeps their password, and works in both tenants', async () => {
    const { shop, mails } = await open()
    await invite(shop, 'acme')
    await accept(shop, { token: tokenIn(mails), password: PASSWORD })
    await invite(shop, 'other', 'viewer')
    await accept(shop, { token: tokenIn(mails), password: 'another long password' })
    expect(await rolesIn(shop, 'other')).toEqual(['ana@example.com viewer'])
    const signIn = (password: string) =>
      shop.fetch('/api/auth/token', {
        as: null,
        method: 'POST',
        body: { email: 'ana@example.com', password },
      })
    expect((await signIn(PASSWORD)).status).toBe(200)
    expect((await signIn('another long password')).status).toBe(401)
  })

  test('a token works once, until it is over, and not after a newer one', async () => {
    const { shop, mails } = await open()
    await invite(shop, 'acme')
    const first = tokenIn(mails)
    await invite(shop, 'acme')
    expect((await accept(shop, { token: first })).json.detail).toContain('was revoked')
    const second = tokenIn(mails)
    const answers = await Promise.all([1, 2, 3, 4].map(() => accept(shop, { token: second })))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410, 410, 410])
    expect(await rolesIn(shop, 'acme')).toHaveLength(1)
    await invite(shop, 'other')
    shop.clock.advance(7 * 86_400_000)
    expect((await accept(shop, { token: tokenIn(mails) })).json.detail).toContain('not accepted in time')
  })

  test('a revoked invitation and a made-up token let nobody in', async () => {
    const { shop, mails } = await open()
    const { id } = await invite(shop, 'acme')
    await shop.as({ tenantId: 'acme' }).api.auth.revokeInvitation({ params: { id } })
    expect((await accept(shop, { token: tokenIn(mails) })).json.code).toBe('auth.invitation_over')
    const foreign = tokenIn(mails).replace('acme.', 'other.')
    for (const token of [foreign, 'x', 'acme.x', '*.x'])
      expect((await accept(shop, { token })).json.code, token).toBe('auth.unknown_invitation')
    expect(await rolesIn(shop, 'acme')).toEqual([])
  })

  test('a tenant may be called what could not stand in a header', async () => {
    const { shop, mails } = await open()
    await shop.fetch('/api/v1/tenants/acme/settings/tenant', {
      method: 'PATCH',
      as: { tenants: ['acme'] },
      body: { name: 'Acme\u2028Bcc: eve@example.com' },
    })
    await invite(shop, 'acme')
    expect(mails.at(-1)?.subject).toBe('You are invited to Acme Bcc: eve@example.com')
  })

  test('who was let in, as what and by whom is on the record', async () => {
    const { shop, mails, notes } = await open()
    const { id } = await invite(shop, 'acme')
    const { json } = await accept(shop, { token: tokenIn(mails) })
    expect(notes).toMatchObject([
      {
        action: 'auth.invitation-accepted',
        actor: { kind: 'user', id: json.userId },
        details: { role: 'editor', invitationId: id, invitedBy: 'system' },
      },
    ])
  })

  test('an invitation counts as long as whoever sent it may give that role', async () => {
    const { shop, mails } = await open()
    const { api, tx, ctx } = shop.as({ tenantId: 'acme' })
    const ben = await tx(async (t) => {
      const user = await t.get(Users).prove(t, { email: 'ben@example.com' })
      await t.get(TenantMembers).add(t, user.id, 'admin')
      return user.id
    })
    const access = await ctx.get(Access).permissionsIn(ctx, ben, 'acme')
    const actor = { kind: 'user', id: ben, permissions: access!.permissions } as const
    const byBen = shop.as({ tenantId: 'acme', actor }).api.auth
    await byBen.createInvitation({ body: { email: 'ana@example.com', role: 'editor' } })
    const ofBen = tokenIn(mails)
    const { key, apiKey } = await byBen.createApiKey({
      body: { name: 'hr', scopes: [...access!.permissions] },
    })
    await shop.fetch('/api/v1/admin/invitations', {
      method: 'POST',
      as: null,
      headers: { authorization: `Bearer ${key}` },
      body: { email: 'eva@example.com', role: 'viewer' },
    })
    const ofKey = tokenIn(mails)
    const setRole = (role: string) => api.auth.setUserRole({ params: { id: ben }, body: { role } })

    await setRole('viewer')
    for (const token of [ofBen, ofKey])
      expect((await accept(shop, { token })).json.code).toBe('auth.invitation_unbacked')
    await setRole('admin')
    expect((await accept(shop, { token: ofBen })).status).toBe(200)
    await api.auth.revokeApiKey({ params: { id: apiKey.id } })
    expect((await accept(shop, { token: ofKey })).json.code).toBe('auth.invitation_unbacked')
    expect(await rolesIn(shop, 'acme')).toEqual(['ana@example.com editor', 'ben@example.com admin'])
  })

  test('the token stands in no row, and a user is not invited again', async () => {
    const { shop, mails } = await open()
    const { id } = await invite(shop, 'acme')
    const { ctx } = shop.as({ tenantId: 'acme' })
    expect(JSON.stringify(await ctx.repo(Invitation).get(id))).not.toContain(tokenIn(mails).slice(5))
    await accept(shop, { token: tokenIn(mails) })
    await expect(invite(shop, 'acme')).rejects.toMatchObject({ code: 'auth.already_member' })
  })
})

function tokenIn(mails: readonly Mail[]): string {
  return /#token=(\S+)/.exec(mails.at(-1)?.text ?? '')?.[1] ?? 'none'
}
