import { sqlite } from '@clientele/adapter-sqlite'
import { createTestClientele, eachStorage, temporaryFolder } from '@clientele/testing'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accounts } from '../accounts.fixture.ts'
import { auth } from '../auth.plugin.ts'
import { SignIn } from '../token/sign-in.service.ts'
import { Users } from '../user/users.service.ts'
import { Sessions } from './session.service.ts'

const email = 'ana@example.com'

eachStorage((storage) => {
  test('50 refreshes at once get one and the same successor, and it works', async () => {
    const { t, call, signUp } = await accounts(storage)
    const { refreshToken } = await signUp(email)
    const { api } = t.as()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => api.auth.refresh({ body: { refreshToken } })),
    )
    const successors = new Set(answers.map((one) => one.refreshToken))
    expect(successors.size).toBe(1)
    const [successor] = successors
    expect(successor).not.toBe(refreshToken)
    expect((await call('POST', 'refresh', { refreshToken: successor })).status).toBe(200)
  })

  test('who still sends the access token that is over with it gets new tokens all the same', async () => {
    const { t, call, signUp } = await accounts(storage, { accessTokenSeconds: 30 })
    const { accessToken, refreshToken } = await signUp(email)
    t.clock.advance(60_000)
    expect((await call('GET', 'me', undefined, accessToken)).status).toBe(401)
    expect((await call('POST', 'refresh', { refreshToken }, accessToken)).status).toBe(200)
    expect((await call('POST', 'forgot-password', { email }, accessToken)).status).toBe(202)
  })

  test('a token used again after the grace ends its session: the thief and the owner both must sign in', async () => {
    const { t, call, signUp } = await accounts(storage)
    const first = await signUp(email)
    const second = (await call('POST', 'refresh', { refreshToken: first.refreshToken })).json
    t.clock.advance('10s')
    expect((await call('POST', 'refresh', { refreshToken: first.refreshToken })).json.refreshToken).toBe(
      second.refreshToken,
    )
    t.clock.advance('1s')
    expect((await call('POST', 'refresh', { refreshToken: first.refreshToken })).status).toBe(401)
    expect((await call('POST', 'refresh', { refreshToken: second.refreshToken })).status).toBe(401)
    expect((await call('GET', 'me', undefined, second.accessToken)).status).toBe(401)
  })

  test('an older token than the last one ends the session at once, within the grace too', async () => {
    const { call, signUp } = await accounts(storage)
    const first = await signUp(email)
    const second = (await call('POST', 'refresh', { refreshToken: first.refreshToken })).json
    const third = (await call('POST', 'refresh', { refreshToken: second.refreshToken })).json
    expect((await call('POST', 'refresh', { refreshToken: first.refreshToken })).status).toBe(401)
    expect((await call('POST', 'refresh', { refreshToken: third.refreshToken })).status).toBe(401)
  })

  test('a refresh token that was changed anywhere is refused, and the session goes on', async () => {
    const { call, signUp } = await accounts(storage)
    const { refreshToken, accessToken } = await signUp(email)
    const flip = (at: number): string =>
      refreshToken.slice(0, at) + (refreshToken[at] === 'A' ? 'B' : 'A') + refreshToken.slice(at + 1)
    for (const at of [4, 24, 29, 40, refreshToken.length - 2]) {
      expect((await call('POST', 'refresh', { refreshToken: flip(at) })).status, flip(at)).toBe(401)
    }
    for (const wrong of ['', 'clr_', accessToken, refreshToken.slice(0, -1)]) {
      expect((await call('POST', 'refresh', { refreshToken: wrong })).status, wrong).toBe(401)
    }
    expect((await call('POST', 'refresh', { refreshToken })).status).toBe(200)
  })

  test('a session is over after its days, however often it was refreshed', async () => {
    const { t, call, signUp } = await accounts(storage, { sessionDays: 2 })
    let { refreshToken } = await signUp(email)
    t.clock.advance('47h')
    refreshToken = (await call('POST', 'refresh', { refreshToken })).json.refreshToken
    t.clock.advance('1h')
    expect((await call('POST', 'refresh', { refreshToken })).status).toBe(401)
  })

  test('who signs out elsewhere keeps this session; who is switched off has none', async () => {
    const { t, call, signUp, signIn } = await accounts(storage)
    const here = await signUp(email)
    const there = (await signIn(email)).json
    const { items } = (await call('GET', 'me/sessions', undefined, here.accessToken)).json
    expect(items.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent).toSorted()).toEqual([false, true])
    expect((await call('DELETE', 'me/sessions', undefined, here.accessToken)).status).toBe(204)
    expect((await call('GET', 'me', undefined, there.accessToken)).status).toBe(401)
    expect((await call('POST', 'refresh', { refreshToken: there.refreshToken })).status).toBe(401)
    expect((await call('GET', 'me', undefined, here.accessToken)).status).toBe(200)

    const { ctx, tx } = t.as()
    const user = await ctx.get(Users).findByEmail(ctx, email)
    await tx((work) => work.get(Sessions).endAll(work, user!.id))
    expect((await call('GET', 'me', undefined, here.accessToken)).status).toBe(401)
  })

  test('nobody ends the session of somebody else', async () => {
    const { call, signUp } = await accounts(storage)
    const ana = await signUp(email)
    const bo = await signUp('bo@example.com')
    const [session] = (await call('GET', 'me/sessions', undefined, ana.accessToken)).json.items
    expect((await call('DELETE', `me/sessions/${session.id}`, undefined, bo.accessToken)).status).toBe(404)
    expect((await call('GET', 'me', undefined, ana.accessToken)).status).toBe(200)
    expect((await call('DELETE', `me/sessions/${session.id}`, undefined, ana.accessToken)).status).toBe(204)
    expect((await call('GET', 'me', undefined, ana.accessToken)).status).toBe(401)
  })
})

test('who signs out on one node is out on all others at once', async () => {
  const path = join(await temporaryFolder(), 'shop.db')
  const node = () => createTestClientele({ storage: sqlite(path), plugins: [auth()] })
  const [one, other] = [await node(), await node()]
  const { ctx, tx } = one.as()
  const user = await tx((t) => t.get(Users).prove(t, { email }))
  const { accessToken } = await ctx.get(SignIn).bearer(ctx, user, { ip: '', userAgent: '' })
  const ask = async (node: typeof one, method: string, route: string): Promise<number> =>
    (
      await node.fetch(`/api/auth/${route}`, {
        method,
        as: null,
        headers: { authorization: `Bearer ${accessToken}` },
      })
    ).status
  expect(await ask(other, 'GET', 'me')).toBe(200)
  expect(await ask(one, 'POST', 'logout')).toBe(204)
  expect(await ask(other, 'GET', 'me')).toBe(401)
})
