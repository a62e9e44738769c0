import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { accounts, PASSWORD } from '../accounts.fixture.ts'
import { AuthSettings } from '../auth.settings.ts'
import { TenantMembers } from '../member/member.service.ts'
import { AuthUpkeep } from '../session/upkeep.jobs.ts'
import { SignIn } from '../token/sign-in.service.ts'
import { User } from '../user/user.entity.ts'
import { Users } from '../user/users.service.ts'

const ANA = 'ana@example.com'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0'
const NEWER = WINDOWS.replaceAll('146', '147')
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15'
const DAY = 86_400_000

eachStorage((storage) => {
  /** Ana, who signed up with what a test says of itself. */
  const open = async (options: Parameters<typeof accounts>[1] = {}) => {
    const made = await accounts(storage, {
      tenancy: { mode: 'multi', tenants: async () => ['acme', 'other'] },
      ...options,
    })
    await made.signUp(ANA)
    const { ctx } = made.t.as({ tenantId: 'acme' })
    const user = async () => (await ctx.get(Users).findByEmail(ctx, ANA))!
    return {
      ...made,
      ctx,
      user,
      /** Signs in from somewhere. */
      from: async (ip: string, userAgent: string): Promise<void> => {
        await ctx.get(SignIn).bearer(ctx, await user(), { ip, userAgent })
      },
      told: async () => {
        await made.t.drain()
        return made.mails.mails.filter(({ purpose }) => purpose === 'auth.new-device').length
      },
    }
  }

  test('a device is told of once, and never the first one', async () => {
    const { from, told, signIn } = await open()
    await signIn(ANA)
    expect(await told()).toBe(0)
    await from('203.0.113.7', WINDOWS)
    expect(await told()).toBe(1)
    // Another version, another address of the same provider.
    for (const ip of ['203.0.113.7', '203.0.0.200', '::ffff:203.0.1.1']) await from(ip, NEWER)
    await signIn(ANA)
    expect(await told()).toBe(1)
  })

  test('another program, another system and another network are told of, each once', async () => {
    const { from, told } = await open()
    const places = ['203.0.113.7', '198.51.100.7', '2001:db8:1::1', '2001:db9::1']
    for (let turn = 0; turn < 2; turn++)
      for (const ip of places) for (const userAgent of [WINDOWS, MAC]) await from(ip, userAgent)
    expect(await told()).toBe(8)
  })

  test('of ten sign-ins at once with a new device one is told of', async () => {
    const { from, told } = await open()
    await Promise.all(Array.from({ length: 10 }, () => from('203.0.113.7', WINDOWS)))
    expect(await told()).toBe(1)
  })

  test('a wrong password tells nobody, and makes nothing known', async () => {
    const { t, told, from } = await open()
    const headers = { 'user-agent': MAC }
    const body = { email: ANA, password: 'not the password' }
    await t.fetch('/api/auth/token', { method: 'POST', as: null, body, headers })
    expect(await told()).toBe(0)
    await from('127.0.0.1', MAC)
    expect(await told()).toBe(1)
  })

  test('who signs a device out elsewhere is told of it again; who signs out there is not', async () => {
    const { t, call, signIn, from, told } = await open()
    const { accessToken } = (await signIn(ANA)).json
    await from('203.0.113.7', WINDOWS)
    const { items } = (await call('GET', 'me/sessions', undefined, accessToken)).json
    const { id } = items.find((one: { readonly userAgent: string }) => one.userAgent === WINDOWS)
    await call('DELETE', `me/sessions/${id}`, undefined, accessToken)
    await from('203.0.113.7', WINDOWS)
    expect(await told()).toBe(2)
    await call('POST', 'logout', {}, accessToken)
    await t.drain()
    await signIn(ANA)
    expect(await told()).toBe(2)
  })

  test('after a new password by a code each device is new, but for the one that it was set with', async () => {
    const { call, codeFor, from, signIn, told } = await open()
    await from('203.0.113.7', WINDOWS)
    const { requestId } = (await call('POST', 'forgot-password', { email: ANA })).json
    const answer = { requestId, code: await codeFor(ANA), password: PASSWORD }
    expect((await call('POST', 'reset-password', answer)).status).toBe(204)
    await signIn(ANA)
    expect(await told()).toBe(1)
    await from('203.0.113.7', WINDOWS)
    expect(await told()).toBe(2)
  })

  test('a device that was not seen for 180 days is new again', async () => {
    const { t, ctx, from, told } = await open()
    await from('203.0.113.7', WINDOWS)
    const later = async (days: number): Promise<void> => {
      t.clock.advance(days * DAY + 1)
      await ctx.tx((tx) => tx.enqueue(AuthUpkeep, {}))
      await t.drain()
      await from('203.0.113.7', WINDOWS)
    }
    await later(179)
    await later(179)
    expect(await told()).toBe(1)
    await later(180)
    expect(await told()).toBe(2)
  })

  test('what is kept of a device names neither address, program nor system', async () => {
    const { ctx, from } = await open()
    await from('203.0.113.7', WINDOWS)
    const rows = await ctx.db.selectFrom('knownDevices').selectAll().execute()
    expect(rows).toHaveLength(2)
    expect(rows.map(({ mark }) => mark)).toEqual([expect.stringMatching(/^[\w-]{43}$/), expect.any(String)])
    expect(JSON.stringify(rows)).not.toMatch(/203\.0|Firefox|Windows/)
    await ctx.tx(async (t) => t.repo(User).remove((await t.get(Users).findByEmail(t, ANA))!.id))
    expect(await ctx.db.selectFrom('knownDevices').select('id').execute()).toEqual([])
  })

  test('whoever wants no such mails gets none, and is told that they are off', async () => {
    const { call, signIn, from, told, mails, t } = await open()
    const { accessToken } = (await signIn(ANA)).json
    const set = (newDeviceMails: boolean) => call('PATCH', 'me', { newDeviceMails }, accessToken)
    expect((await set(false)).json.newDeviceMails).toBe(false)
    await set(false)
    await from('203.0.113.7', WINDOWS)
    expect(await told()).toBe(0)
    expect(mails.mails.filter(({ purpose }) => purpose === 'auth.new-device-mails-off')).toHaveLength(1)
    await set(true)
    await from('198.51.100.7', WINDOWS)
    await t.drain()
    expect(await told()).toBe(1)
  })

  test('a tenant turns them off for those who work only where nobody wants them', async () => {
    const { t, user, told } = await open()
    const { id } = await user()
    const signIn = (userAgent: string) =>
      t.fetch('/api/auth/token', {
        method: 'POST',
        as: null,
        headers: { 'user-agent': userAgent },
        body: { email: ANA, password: PASSWORD },
      })
    const turnOff = async (tenantId: string): Promise<void> => {
      const { status } = await t.fetch(`/api/v1/tenants/${tenantId}/settings/${AuthSettings.name}`, {
        method: 'PATCH',
        as: { tenants: [tenantId] },
        body: { newDeviceMails: false },
      })
      expect(status).toBe(200)
    }
    for (const tenantId of ['acme', 'other'])
      await t.as({ tenantId }).tx((tx) => tx.get(TenantMembers).add(tx, id, 'editor'))
    await turnOff('acme')
    await signIn(WINDOWS)
    expect(await told()).toBe(1)
    await turnOff('other')
    await signIn(MAC)
    expect(await told()).toBe(1)
    await t.as({ tenantId: 'acme' }).tx((tx) => tx.repo(User).patch(id, { isOperator: true }))
    await signIn('curl/8.14.1')
    expect(await told()).toBe(2)
  })
})
