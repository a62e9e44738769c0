import { jsonLogger, type Storage } from '@clientele/core'
import { eachStorage, type TestStorage } from '@clientele/testing'
import { Secret, TOTP } from 'otpauth'
import { expect, test } from 'vitest'
import { accounts, PASSWORD } from './accounts.fixture.ts'

const email = 'ana@example.com'

/** Every row of every table, as text; bytes as letters and as hexadecimal digits. */
async function dump(storage: Storage, kind: TestStorage): Promise<string> {
  const read = async (sql: string) =>
    (await storage.population({ tenantId: '*' }, { sql, parameters: [] })).rows
  const tables =
    kind === 'sqlite'
      ? await read(`select name from sqlite_master where type = 'table'`)
      : await read(`select tablename as name from pg_tables where schemaname = current_schema()`)
  const texts: string[] = []
  for (const { name } of tables) {
    for (const row of await read(`select * from "${String(name)}"`)) texts.push(textOf(row))
  }
  return texts.join('\n')
}

function textOf(value: unknown): string {
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value)
    return `${bytes.toString('latin1')} ${bytes.toString('hex')} ${bytes.toString('base64url')}`
  }
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object' && value !== null) return Object.values(value).map(textOf).join(' ')
  return String(value)
}

eachStorage((storage) => {
  test('no password, code, token or secret stands in logs, errors, jobs or the database', async () => {
    const lines: string[] = []
    const logger = jsonLogger({ level: 'debug', write: (line) => void lines.push(line) })
    const { t, call, codeFor, mails } = await accounts(storage, { logger })
    const secrets = new Map<string, string>()
    const answers: string[] = []
    const dumps: string[] = []
    const fail = async (...args: Parameters<typeof call>): Promise<void> => {
      const { status, text } = await call(...args)
      expect(status).toBeGreaterThanOrEqual(400)
      answers.push(text)
    }

    secrets.set('password', PASSWORD)
    const { requestId } = (await call('POST', 'register', { email, password: PASSWORD })).json
    // Before the mail has gone: what is on its way stands in jobs.
    dumps.push(await dump(t.storage, storage))
    const jobs = await t.fetch('/api/v1/jobs')
    answers.push(jobs.text)
    const code = await codeFor(email)
    secrets.set('code', code)
    dumps.push(await dump(t.storage, storage))
    await fail('POST', 'verify', { requestId, code: code === '000000' ? '000001' : '000000' })
    const first = (await call('POST', 'verify', { requestId, code })).json
    secrets.set('access token', first.accessToken).set('refresh token', first.refreshToken)
    await fail('POST', 'verify', { requestId, code })
    await fail('POST', 'token', { email, password: `${PASSWORD} but wrong` })
    await fail('POST', 'token', { email, password: PASSWORD, surprise: PASSWORD.length })
    const second = (await call('POST', 'refresh', { refreshToken: first.refreshToken })).json
    secrets.set('next refresh token', second.refreshToken)
    const headers = { 'sec-fetch-site': 'same-origin' }
    const body = { email, password: PASSWORD, as: 'cookie' }
    const cookie = await t.fetch('/api/auth/token', { method: 'POST', as: null, body, headers })
    secrets.set('cookie', /=([\w.-]+)/.exec(cookie.headers.get('set-cookie')!)![1]!)

    const token = second.accessToken
    const { secret } = (await call('POST', 'me/totp', { password: PASSWORD }, token)).json
    secrets.set('authenticator', secret)
    const otp = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: t.clock.now() })
    const { recoveryCodes } = (await call('POST', 'me/totp/confirm', { otp }, token)).json
    for (const [n, one] of recoveryCodes.entries()) secrets.set(`recovery code ${n}`, one)
    await fail('POST', 'me/totp/confirm', { otp }, token)
    const newPassword = 'an entirely new one'
    secrets.set('new password', newPassword)
    await call('POST', 'me/password', { currentPassword: PASSWORD, newPassword }, token)
    t.clock.advance('11s')
    await fail('POST', 'refresh', { refreshToken: first.refreshToken })
    const forgot = (await call('POST', 'forgot-password', { email })).json
    const reset = await codeFor(email)
    secrets.set('reset code', reset)
    dumps.push(await dump(t.storage, storage))
    await fail('POST', 'reset-password', { requestId: forgot.requestId, code: reset, password: 'password' })
    dumps.push(await dump(t.storage, storage))

    const places = { logs: lines.join(''), answers: answers.join('\n'), database: dumps.join('\n') }
    expect(places.logs).toContain('"level":"info"')
    expect(places.database).toContain(email)
    expect(mails.mails.length).toBeGreaterThanOrEqual(3)
    for (const [name, value] of secrets) {
      for (const [place, text] of Object.entries(places))
        expect(found(text, value), `${name} in ${place}`).toBe(false)
    }
  })
})

/** Codes are six digits, which stand by chance in longer runs of letters and digits. */
function found(text: string, secret: string): boolean {
  if (!/^\d{6}$/.test(secret)) return text.includes(secret) || text.includes(hexOf(secret))
  return new RegExp(`(?<![\\w.:-])${secret}(?![\\w.:-])`).test(text)
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex')
}
