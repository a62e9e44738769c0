import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { accounts, PASSWORD } from './accounts.fixture.ts'
import { signInRoutes } from './sign-in-routes.ts'

const NUL = 'a\0b'
const HALF = 'a\ud800b'

/** A body that each route takes. */
const BODIES: Readonly<Partial<Record<keyof typeof signInRoutes, object>>> = {
  register: { email: 'new@example.com', password: PASSWORD, name: 'New', locale: 'pt' },
  verify: { requestId: '01890000-0000-7000-8000-000000000000', code: '123456', as: 'bearer' },
  forgotPassword: { email: 'new@example.com' },
  resetPassword: { requestId: '01890000-0000-7000-8000-000000000000', code: '123456', password: PASSWORD },
  token: { email: 'new@example.com', password: PASSWORD, otp: '123456', recoveryCode: 'x', as: 'bearer' },
  refresh: { refreshToken: 'x' },
  updateMe: { name: 'New', locale: 'pt' },
  changePassword: { currentPassword: PASSWORD, newPassword: PASSWORD },
  askEmail: { email: 'new@example.com', password: PASSWORD },
  confirmEmail: { requestId: '01890000-0000-7000-8000-000000000000', code: '123456' },
  enrolTotp: { password: PASSWORD },
  confirmTotp: { otp: '123456' },
  renewRecoveryCodes: { password: PASSWORD },
  removeTotp: { password: PASSWORD },
}

test('each route that takes a body is among them', () => {
  const taking = Object.entries(signInRoutes).filter(([, { definition }]) => definition.body !== undefined)
  expect(Object.keys(BODIES).toSorted()).toEqual(taking.map(([name]) => name).toSorted())
})

eachStorage((storage) => {
  test('what is wrong in a body is named, whatever it is, and changes nothing', async () => {
    const { t, signUp, call } = await accounts(storage, { limits: false })
    const { accessToken } = await signUp('ana@example.com')
    const counts = async () => {
      const { db } = t.as()
      return {
        users: await db.selectFrom('users').selectAll().execute(),
        codes: await db.selectFrom('codes').select(['id', 'triesLeft']).execute(),
      }
    }
    const before = await counts()
    for (const [name, body] of Object.entries(BODIES)) {
      const { method, definition } = signInRoutes[name as keyof typeof signInRoutes]
      const path = definition.path.replace('/api/auth/', '')
      const send = (sent: unknown) =>
        call(method.toUpperCase(), path, sent, definition.permission === 'public' ? undefined : accessToken)
      for (const field of [...Object.keys(body), 'surprise', 'isOperator', 'userId']) {
        const values = [NUL, HALF, 7, 1e300, true, null, [], [body], {}, { $ne: 1 }, 'x'.repeat(20_000)]
        for (const value of values) {
          const sent = JSON.parse(JSON.stringify(body)) as Record<string, unknown>
          Object.defineProperty(sent, field, { value, enumerable: true })
          const { status, text } = await send(sent)
          const where = `${name} ${field} ${JSON.stringify(value).slice(0, 40)}: ${text}`
          expect(status, where).toBe(400)
          expect(text, where).toContain(field)
        }
      }
      for (const raw of ['{', 'null', '[]', '7', 'NaN', '['.repeat(5000)])
        expect([400, 415], `${name} ${raw.slice(0, 9)}`).toContain((await send(raw)).status)
    }
    expect(await counts()).toEqual(before)
  })
})
