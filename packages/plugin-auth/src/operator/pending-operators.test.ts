import { createTestClientele, eachStorage, mailbox, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { noteRecorder, PASSWORD, recordingLogger } from '../accounts.fixture.ts'
import { auth } from '../auth.plugin.ts'
import { AuthUpkeep } from '../session/upkeep.jobs.ts'

const ANA = 'ana@agency.example'
const BEN = 'ben@agency.example'
const DAY = 86_400_000

eachStorage((storage) => {
  const open = async (options: { readonly operatorDays?: number } = {}) => {
    const mails = mailbox()
    const { fields, logger } = recordingLogger()
    const { notes, plugin } = noteRecorder()
    const shop = await createTestClientele({
      storage,
      plugins: [auth({ appName: 'Agency', registration: 'open', ...options }), plugin],
      tenancy: { mode: 'multi' },
      mail: { transport: mails, baseUrl: 'https://crm.agency.example' },
      logger,
    })
    const token = fields.find((one) => 'setupWith' in one)?.['setupWith']
    const post = (path: string, body: object) => shop.fetch(path, { method: 'POST', as: null, body })
    await post('/api/v1/operator/setup', { token, email: ANA, password: PASSWORD })
    const call = async (method: string, path = '', body?: object) => {
      const { json } = await post('/api/auth/token', { email: ANA, password: PASSWORD })
      return shop.fetch(`/api/v1/operator/operators${path}`, {
        method,
        as: null,
        headers: { authorization: `Bearer ${json.accessToken}` },
        ...(body ? { body } : {}),
      })
    }
    const add = (email = BEN) => call('POST', '', { email })
    const shown = async () => (await call('GET')).json.operators.find((one: Shown) => one.email === BEN)
    return { shop, mails, notes, post, call, add, shown }
  }

  test('who is to be an operator has a week: the mail and the list say until when', async () => {
    const { shop, mails, add, shown } = await open()
    const until = '2026-01-22T12:00:00.000Z'
    expect((await add()).json).toMatchObject({ state: 'pending', expiresAt: until })
    await shop.drain()
    expect(mails.last(BEN).text).toContain('here until 2026-01-22 12:00 UTC')
    shop.clock.advance(7 * DAY - 1)
    expect(await shown()).toMatchObject({ state: 'pending' })
    shop.clock.advance(1)
    expect(await shown()).toMatchObject({ state: 'expired', expiresAt: until, verifiedAt: null })
  })

  test('who comes too late gets no code and is no operator, until they are added again', async () => {
    const { shop, mails, post, add, shown } = await open({ operatorDays: 2 })
    await add()
    await shop.drain()
    shop.clock.advance(2 * DAY)
    mails.clear()
    const { requestId } = (await post('/api/auth/forgot-password', { email: BEN })).json
    await shop.drain()
    expect([requestId, mails.mails]).toEqual([expect.any(String), []])

    const { json: again } = await add()
    expect(again).toMatchObject({ state: 'pending', expiresAt: '2026-01-19T12:00:00.000Z' })
    await shop.drain()
    expect(mails.last(BEN).text).toContain('until 2026-01-19 12:00 UTC')
    await choosePassword(shop, mails, BEN)
    expect(await shown()).toMatchObject({ id: again.id, state: 'active', expiresAt: null })
    shop.clock.advance(30 * DAY)
    expect(await shown()).toMatchObject({ state: 'active' })
  })

  test('who signs up by themselves after the time is over is no operator', async () => {
    const { shop, mails, post, add, shown } = await open()
    await add()
    await shop.drain()
    shop.clock.advance(7 * DAY)
    const { requestId } = (await post('/api/auth/register', { email: BEN, password: PASSWORD })).json
    await shop.drain()
    const code = /^\d{6}$/m.exec(mails.last(BEN).text)![0]
    const { accessToken } = (await post('/api/auth/verify', { requestId, code })).json
    const headers = { authorization: `Bearer ${accessToken}` }
    expect((await shop.fetch('/api/auth/me', { as: null, headers })).json.isOperator).toBe(false)
    expect(await shown()).toBeUndefined()
  })

  test('a month later whoever never came is forgotten, and that is on the record', async () => {
    const { shop, notes, add, shown } = await open()
    const { id } = (await add()).json
    const upkeep = async (): Promise<void> => {
      await shop.as({ tenantId: 'any' }).tx((t) => t.enqueue(AuthUpkeep, {}))
      await shop.drain()
    }
    shop.clock.advance(37 * DAY - 1)
    await upkeep()
    expect(await shown()).toMatchObject({ state: 'expired' })
    shop.clock.advance(1)
    await upkeep()
    expect(await shown()).toBeUndefined()
    expect(notes.filter(({ action }) => action === 'auth.operator-expired')).toMatchObject([
      { rowId: id, details: { email: BEN } },
    ])
    const users = await shop.as({ tenantId: 'any' }).db.selectFrom('users').select('email').execute()
    expect(users).toEqual([{ email: ANA }])
  })

  test('nobody is mailed more than five times a day that they are to be an operator', async () => {
    const { add } = await open()
    for (let n = 0; n < 5; n++) expect((await add()).status).toBe(200)
    const { status, headers } = await add()
    expect(status).toBe(429)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

interface Shown {
  readonly email: string
}

async function choosePassword(
  shop: TestClientele<readonly [ReturnType<typeof auth>, ...never[]]>,
  mails: ReturnType<typeof mailbox>,
  email: string,
): Promise<void> {
  const post = (path: string, body: object) =>
    shop.fetch(`/api/auth/${path}`, { method: 'POST', as: null, body })
  const { requestId } = (await post('forgot-password', { email })).json
  await shop.drain()
  const code = /^\d{6}$/m.exec(mails.last(email).text)![0]
  expect((await post('reset-password', { requestId, code, password: PASSWORD })).status).toBe(204)
}
