import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { accounts, PASSWORD } from '../accounts.fixture.ts'
import { Passwords } from '../password/password.service.ts'
import { Sessions } from '../session/session.service.ts'
import { Totp } from '../totp/totp.service.ts'
import { User } from './user.entity.ts'
import { Users } from './users.service.ts'

const email = 'ana@example.com'
const theirs = 'what the stranger set'

eachStorage((storage) => {
  test('who signs up with an address of somebody else leaves nothing on the account', async () => {
    const { call, codeFor, signIn } = await accounts(storage)
    const stranger = (await call('POST', 'register', { email, password: theirs })).json
    await codeFor(email)
    const own = (await call('POST', 'register', { email, password: PASSWORD })).json
    const code = await codeFor(email)
    // The stranger's request is dead, and the code of the mail is not for it.
    expect((await call('POST', 'verify', { requestId: stranger.requestId, code })).status).toBe(422)
    expect((await call('POST', 'verify', { requestId: own.requestId, code })).status).toBe(200)
    expect((await signIn(email, theirs)).status).toBe(401)
    expect((await signIn(email)).status).toBe(200)
  })

  test('what was set on an account before its address was proved is gone with the proof', async () => {
    const { t, call, codeFor, signIn } = await accounts(storage)
    const { ctx, tx } = t.as()
    const passwordHash = await ctx.get(Passwords).hash(ctx, theirs)
    const [user, session] = await tx(async (work) => {
      const made = await work.repo(User).insert({ email, passwordHash })
      await work.get(Totp).enrol(work, made.id)
      return [made, await work.get(Sessions).begin(work, made, { kind: 'bearer', ip: '', userAgent: '' })]
    })
    const { requestId } = (await call('POST', 'register', { email, password: PASSWORD })).json
    expect((await call('POST', 'verify', { requestId, code: await codeFor(email) })).status).toBe(200)
    expect((await ctx.get(Users).findByEmail(ctx, email))?.id).toBe(user.id)
    expect((await call('POST', 'refresh', { refreshToken: session.refreshToken })).status).toBe(401)
    expect(await ctx.repo(User).reveal(user.id, 'totpSecret')).toBeNull()
    expect((await signIn(email, theirs)).status).toBe(401)
    expect((await signIn(email)).status).toBe(200)
  })

  test('a password that was set before nobody proved the address lets nobody in', async () => {
    const { t, signIn } = await accounts(storage)
    const { ctx, tx } = t.as()
    const passwordHash = await ctx.get(Passwords).hash(ctx, theirs)
    await tx((work) => work.repo(User).insert({ email, passwordHash }))
    expect((await signIn(email, theirs)).status).toBe(401)
  })

  test('who resets the password ends every session, and the code works once', async () => {
    const { call, codeFor, signUp, signIn, mails } = await accounts(storage)
    const { accessToken } = await signUp(email)
    const { requestId } = (await call('POST', 'forgot-password', { email })).json
    const code = await codeFor(email)
    const reset = (password: string) => call('POST', 'reset-password', { requestId, code, password })
    expect((await reset('quite another one')).status).toBe(204)
    expect((await reset('and yet another one')).status).toBe(422)
    expect((await call('GET', 'me', undefined, accessToken)).status).toBe(401)
    expect((await signIn(email)).status).toBe(401)
    expect((await signIn(email, 'quite another one')).status).toBe(200)
    await codeFor(email)
    expect(mails.mails.at(-1)).toMatchObject({ to: email, purpose: 'auth.password-changed' })
  })

  test('a new address counts once it is proved, and the old one is told', async () => {
    const { call, codeFor, signUp, signIn, mails } = await accounts(storage)
    const { accessToken } = await signUp(email)
    const next = 'ana@new.example.com'
    const ask = (password: string) => call('POST', 'me/email', { email: next, password }, accessToken)
    expect((await ask('not the password')).status).toBe(401)
    const { status, json } = await ask(PASSWORD)
    expect(status).toBe(202)
    expect((await call('GET', 'me', undefined, accessToken)).json.email).toBe(email)
    expect((await signIn(next)).status).toBe(401)
    const code = await codeFor(next)
    const bo = await signUp('bo@example.com')
    const confirm = (token: string) =>
      call('POST', 'me/email/confirm', { requestId: json.requestId, code }, token)
    expect((await confirm(bo.accessToken)).status).toBe(422)
    expect((await confirm(accessToken)).json.email).toBe(next)
    expect((await signIn(next)).status).toBe(200)
    expect((await signIn(email)).status).toBe(401)
    await codeFor(email)
    expect(mails.mails.find(({ purpose }) => purpose === 'auth.email-changed')).toMatchObject({ to: email })
  })

  test('an address that somebody has cannot be asked for, and nobody learns that', async () => {
    const { t, call, signUp, mails } = await accounts(storage)
    await signUp('bo@example.com')
    const { accessToken } = await signUp(email)
    mails.clear()
    const taken = await call('POST', 'me/email', { email: 'bo@example.com', password: PASSWORD }, accessToken)
    expect(taken.status).toBe(202)
    await t.drain()
    expect(mails.mails).toMatchObject([{ to: 'bo@example.com', purpose: 'auth.registered' }])
  })
})

test('changing the password needs the old one, ends other sessions and keeps this one', async () => {
  const { call, signUp, signIn } = await accounts()
  const here = await signUp(email)
  const there = (await signIn(email)).json
  const change = (currentPassword: string, newPassword: string) =>
    call('POST', 'me/password', { currentPassword, newPassword }, here.accessToken)
  expect((await change('wrong', 'a good new one')).status).toBe(401)
  expect((await change(PASSWORD, 'a good new one')).status).toBe(204)
  expect((await call('GET', 'me', undefined, here.accessToken)).status).toBe(200)
  expect((await call('POST', 'refresh', { refreshToken: there.refreshToken })).status).toBe(401)
  expect((await signIn(email, 'a good new one')).status).toBe(200)
})

test('without open registration nobody signs up', async () => {
  const { call, mails, t } = await accounts('sqlite', { registration: 'invite' })
  const { status, json } = await call('POST', 'register', { email, password: PASSWORD })
  expect({ status, code: json.code }).toEqual({ status: 403, code: 'auth.registration_closed' })
  await t.drain()
  expect(mails.mails).toEqual([])
})
