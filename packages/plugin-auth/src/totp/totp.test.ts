import { eachStorage } from '@clientele/testing'
import { Secret, TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { accounts, PASSWORD, type Accounts } from '../accounts.fixture.ts'

const email = 'ana@example.com'

/** Somebody with an authenticator app. */
async function withApp({ t, call, signUp }: Accounts) {
  const { accessToken } = await signUp(email)
  const { secret, uri } = (await call('POST', 'me/totp', { password: PASSWORD }, accessToken)).json
  const otp = (): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: t.clock.now() })
  const { recoveryCodes } = (await call('POST', 'me/totp/confirm', { otp: otp() }, accessToken)).json
  t.clock.advance('30s')
  const signIn = (factor: object) => call('POST', 'token', { email, password: PASSWORD, ...factor })
  return { accessToken, uri, otp, recoveryCodes: recoveryCodes as string[], signIn }
}

eachStorage((storage) => {
  test('once an app is confirmed, signing in asks for its code', async () => {
    const made = await accounts(storage)
    const { signIn, otp, uri } = await withApp(made)
    expect(uri).toContain('otpauth://totp/Clientele:ana%40example.com?')
    expect((await signIn({})).json.code).toBe('auth.second_factor_needed')
    expect((await signIn({ otp: otp() === '000000' ? '000001' : '000000' })).json.code).toBe(
      'auth.wrong_second_factor',
    )
    expect((await signIn({ otp: otp() })).status).toBe(200)
  })

  test('a code works once, also for twenty who send it at once', async () => {
    const made = await accounts(storage)
    const { otp } = await withApp(made)
    const { api } = made.t.as()
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, () => api.auth.token({ body: { email, password: PASSWORD, otp: otp() } })),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('each recovery code works once, and others replace them', async () => {
    const made = await accounts(storage)
    const { signIn, recoveryCodes, accessToken } = await withApp(made)
    expect(recoveryCodes).toHaveLength(10)
    const [first, second] = recoveryCodes
    expect((await signIn({ recoveryCode: first!.toUpperCase() })).status).toBe(200)
    expect((await signIn({ recoveryCode: first })).status).toBe(401)
    const renewed = await made.call('POST', 'me/totp/recovery-codes', { password: PASSWORD }, accessToken)
    expect((await signIn({ recoveryCode: second })).status).toBe(401)
    expect((await signIn({ recoveryCode: renewed.json.recoveryCodes[0] })).status).toBe(200)
  })

  test('however many renew the recovery codes at once, only the last ten are good', async () => {
    const made = await accounts(storage)
    const { accessToken, signIn } = await withApp(made)
    const renew = () => made.call('POST', 'me/totp/recovery-codes', { password: PASSWORD }, accessToken)
    const answers = await Promise.all([renew(), renew(), renew(), renew()])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    let good = 0
    for (const { json } of answers)
      if ((await signIn({ recoveryCode: json.recoveryCodes[0] })).status === 200) good++
    expect(good).toBe(1)
  })

  test('a new password does not take the app away; removing it does', async () => {
    const made = await accounts(storage)
    const { signIn, otp, accessToken } = await withApp(made)
    const { requestId } = (await made.call('POST', 'forgot-password', { email })).json
    const body = { requestId, code: await made.codeFor(email), password: PASSWORD }
    expect((await made.call('POST', 'reset-password', body)).status).toBe(204)
    expect((await signIn({})).json.code).toBe('auth.second_factor_needed')
    const tokens = (await signIn({ otp: otp() })).json
    expect((await made.call('POST', 'me/totp/remove', { password: PASSWORD }, accessToken)).status).toBe(401)
    expect(
      (await made.call('POST', 'me/totp/remove', { password: PASSWORD }, tokens.accessToken)).status,
    ).toBe(204)
    expect((await signIn({})).status).toBe(200)
  })

  test('whoever adds, renews, uses up or removes a second factor, its owner gets a mail', async () => {
    const made = await accounts(storage)
    const { t, mails, call } = made
    const subjects = async (): Promise<readonly string[]> => {
      await t.drain()
      // Jobs that were added together may run in any order.
      return mails.mails
        .slice(1)
        .map(({ subject }) => subject)
        .toSorted()
    }
    const { accessToken, signIn, otp, recoveryCodes } = await withApp(made)
    await signIn({ otp: otp() })
    await signIn({ recoveryCode: recoveryCodes[0] })
    await call('POST', 'me/totp/recovery-codes', { password: PASSWORD }, accessToken)
    for (let n = 0; n < 2; n++) await call('POST', 'me/totp/remove', { password: PASSWORD }, accessToken)
    expect(await subjects()).toEqual([
      'A recovery code of yours was used at Clientele',
      'An authenticator app was added at Clientele',
      'Your authenticator app at Clientele was removed',
      'Your recovery codes at Clientele were renewed',
    ])
    expect(mails.mails.every(({ to }) => to === email)).toBe(true)
  })
})

test('an app that was never confirmed asks for nothing, and a second one cannot be added', async () => {
  const made = await accounts()
  const { accessToken } = await made.signUp(email)
  await made.call('POST', 'me/totp', { password: PASSWORD }, accessToken)
  expect((await made.signIn(email)).status).toBe(200)
  const other = await accounts()
  const app = await withApp(other)
  const again = await other.call('POST', 'me/totp', { password: PASSWORD }, app.accessToken)
  expect(again.json.code).toBe('auth.totp_on')
})

test('guessing codes is stopped', async () => {
  const made = await accounts()
  const { otp, signIn } = await withApp(made)
  const wrong = otp() === '000000' ? '000001' : '000000'
  const { api } = made.t.as()
  // The code that turned it on may have been counted in the window before.
  for (let n = 0; n < 10; n++)
    await api.auth.token({ body: { email, password: PASSWORD, otp: wrong } }).catch(() => {})
  expect((await signIn({ otp: wrong })).status).toBe(429)
  expect((await signIn({ otp: otp() })).status).toBe(429)
})
