import { AuditTrails, definePlugin, Files, type AuditNote } from '@clientele/core'
import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { accounts } from '../accounts.fixture.ts'
import { auth } from '../auth.plugin.ts'
import { TenantMembers } from '../member/member.service.ts'
import { AuthUpkeep } from '../session/upkeep.jobs.ts'
import { User } from '../user/user.entity.ts'
import { Users } from '../user/users.service.ts'
import { SignIn } from './sign-in.service.ts'

const email = 'ana@example.com'
const many = { tenancy: { mode: 'multi', tenants: async () => ['acme', 'other'] } } as const

eachStorage((storage) => {
  test('with many tenants people sign up in none, and are nowhere until somebody lets them in', async () => {
    const { t, call, signUp, signIn } = await accounts(storage, many)
    const { accessToken } = await signUp(email)
    expect((await call('GET', 'me', undefined, accessToken)).json).toMatchObject({ email, tenants: [] })
    expect((await signIn(email)).status).toBe(200)
    const headers = { authorization: `Bearer ${accessToken}` }
    for (const path of ['/api/v1/files', '/api/v1/tenants/acme/files', '/api/v1/tenants/default/files'])
      expect((await t.fetch(path, { as: null, headers })).status, path).toBe(403)
    expect((await t.fetch('/api/v1/operator/tenants', { as: null, headers })).status).toBe(403)
  })

  test('who is switched off is out with the next request, and cannot come back in', async () => {
    const { t, call, signUp, signIn } = await accounts(storage, many)
    const { accessToken, refreshToken } = await signUp(email)
    const { ctx, tx } = t.as({ tenantId: 'acme' })
    const { id } = (await ctx.get(Users).findByEmail(ctx, email))!
    await tx((work) => work.repo(User).patch(id, { active: false }))
    expect((await call('GET', 'me', undefined, accessToken)).status).toBe(401)
    expect((await call('POST', 'refresh', { refreshToken })).status).toBe(401)
    expect((await signIn(email)).json.code).toBe('auth.wrong_password')
    const { requestId } = (await call('POST', 'forgot-password', { email })).json
    expect(requestId).toEqual(expect.any(String))
    await t.drain()
    expect(await ctx.repo(User).get(id)).toMatchObject({ active: false })
  })

  test('codes and sessions that are over go by themselves', async () => {
    const { t, call, signUp } = await accounts(storage, { sessionDays: 1 })
    await signUp(email)
    await call('POST', 'forgot-password', { email })
    const { db, tx } = t.as()
    const left = async () => {
      await tx((work) => work.enqueue(AuthUpkeep, {}))
      await t.drain()
      const codes = await db.selectFrom('codes').select('id').execute()
      const sessions = await db.selectFrom('sessions').select('id').execute()
      return [codes.length, sessions.length]
    }
    expect(await left()).toEqual([2, 1])
    t.clock.advance('25h')
    expect(await left()).toEqual([0, 1])
    t.clock.advance('31d')
    expect(await left()).toEqual([0, 0])
  })
})

test('who signs in, and what looks stolen, is put on the record', async () => {
  const notes: AuditNote[] = []
  const trail = definePlugin({
    id: 'trail',
    version: '1.0.0',
    requires: { core: '*' },
    contributes: [AuditTrails.add({ record: (_, note) => void notes.push(note) })],
  })
  const t = await createTestClientele({ plugins: [auth(), trail()] })
  const { ctx, tx, api } = t.as()
  const user = await tx((work) => work.get(Users).prove(work, { email }))
  const { refreshToken } = await ctx.get(SignIn).bearer(ctx, user, { ip: '', userAgent: '' })
  await api.auth.refresh({ body: { refreshToken } })
  t.clock.advance('1h')
  await expect(api.auth.refresh({ body: { refreshToken } })).rejects.toMatchObject({
    code: 'auth.refresh_refused',
  })
  expect(notes).toMatchObject([
    { action: 'auth.signed-in', rowId: user.id, actor: { kind: 'user', id: user.id } },
    { action: 'auth.refresh-token-reused', entity: 'sessions' },
  ])
})

test('whoever manages the users of a tenant sees where they are signed in, and signs them out; no others', async () => {
  const { t, call, signUp } = await accounts('sqlite', many)
  const { accessToken } = await signUp(email)
  const { ctx, tx } = t.as({ tenantId: 'acme' })
  const { id } = (await ctx.get(Users).findByEmail(ctx, email))!
  await tx((work) => work.get(TenantMembers).add(work, id, 'viewer'))
  const path = `/api/v1/admin/users/${id}/sessions`
  const as = (tenant: string) => ({ as: { tenants: [tenant] } }) as const
  expect((await t.fetch(path, as('acme'))).json).toMatchObject({ items: [{ kind: 'bearer' }] })
  expect((await t.fetch(path, as('other'))).status).toBe(404)
  expect((await t.fetch(path, { method: 'DELETE', ...as('other') })).status).toBe(404)
  expect((await call('GET', 'me', undefined, accessToken)).status).toBe(200)
  expect((await t.fetch(path, { method: 'DELETE', ...as('acme') })).status).toBe(204)
  expect((await call('GET', 'me', undefined, accessToken)).status).toBe(401)
})

test('whoever has no role sees their own account and nothing of the shop, also where there is one shop only', async () => {
  const { t, signUp } = await accounts('sqlite', { limits: false })
  const { accessToken } = await signUp(email)
  const { ctx } = t.as()
  const content = async function* () {
    yield 'for those who may'
  }
  await ctx.get(Files).put(ctx, { name: 'a.txt', permission: 'files:read' }, content())
  const { paths } = t.cdp.openapi() as { readonly paths: Readonly<Record<string, object>> }
  const seen: string[] = []
  for (const [path, methods] of Object.entries(paths)) {
    if (!('get' in methods) || path.includes('{') || path.startsWith('/api/auth/')) continue
    const query = path.endsWith('/live') ? '?once=true' : ''
    const headers = { authorization: `Bearer ${accessToken}` }
    const { status, json, text } = await t.fetch(path + query, { as: null, headers })
    if (status === 403 || status === 401) continue
    if (json === undefined ? text.includes('"entity"') : json.items?.length !== 0)
      seen.push(`${path} ${text}`)
  }
  expect(seen).toEqual([])
})
