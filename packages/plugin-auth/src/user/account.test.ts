import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { accounts, PASSWORD } from '../accounts.fixture.ts'

const email = 'ana@example.com'

eachStorage((storage) => {
  test('somebody signs up, proves the address, signs in, refreshes and signs out', async () => {
    const { call, codeFor, signIn } = await accounts(storage)
    const asked = await call('POST', 'register', {
      email: ' ANA@Example.com ',
      password: PASSWORD,
      name: 'Ana',
    })
    expect(asked).toMatchObject({ status: 202, json: { expiresInSeconds: 300 } })
    expect((await signIn(email)).status).toBe(401)

    const { requestId } = asked.json
    const { status, json } = await call('POST', 'verify', { requestId, code: await codeFor(email) })
    expect(status).toBe(200)
    expect(json).toMatchObject({ tokenType: 'Bearer', expiresIn: 600 })
    const me = await call('GET', 'me', undefined, json.accessToken)
    expect(me.json).toMatchObject({ email, name: 'Ana', tenants: [], hasSecondFactor: false })

    const tokens = (await signIn(email)).json
    const refreshed = await call('POST', 'refresh', { refreshToken: tokens.refreshToken })
    expect(refreshed.status).toBe(200)
    expect((await call('POST', 'logout', undefined, refreshed.json.accessToken)).status).toBe(204)
    expect((await call('GET', 'me', undefined, refreshed.json.accessToken)).status).toBe(401)
    expect((await call('POST', 'refresh', { refreshToken: refreshed.json.refreshToken })).status).toBe(401)
    expect((await call('GET', 'me', undefined, json.accessToken)).status).toBe(200)
  })
})
