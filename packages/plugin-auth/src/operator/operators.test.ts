import { createTestClientele, eachStorage, mailbox, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { noteRecorder, PASSWORD, recordingLogger } from '../accounts.fixture.ts'
import { auth } from '../auth.plugin.ts'

type Shop = TestClientele<readonly [ReturnType<typeof auth>]>

const ANA = 'ana@agency.example'
const BEN = 'ben@agency.example'

eachStorage((storage) => {
  const open = async (mode: 'single' | 'multi') => {
    const mails = mailbox()
    const { fields, logger } = recordingLogger()
    const { notes, plugin } = noteRecorder()
    const mail = { transport: mails, baseUrl: 'https://crm.agency.example' }
    const shop: Shop = await createTestClientele({
      storage,
      plugins: [auth({ appName: 'Agency' }), plugin],
      tenancy: { mode },
      mail,
      logger,
    })
    const token = fields.find((one) => 'setupWith' in one)?.['setupWith']
    const body = { token, email: ANA, password: PASSWORD }
    await shop.fetch('/api/v1/operator/setup', { method: 'POST', as: null, body })
    return { shop, mails, notes }
  }

  for (const mode of ['single', 'multi'] as const)
    test(`an operator adds another, who opens the account by the mail and removes the first (${mode})`, async () => {
      const { shop, mails, notes } = await open(mode)
      const ana = await signIn(shop, ANA)
      expect((await ana('POST', '', { email: BEN })).json).toMatchObject({ email: BEN, verifiedAt: null })
      const [first, pending] = (await ana('GET')).json.operators
      expect((await ana('DELETE', `/${first.id}`)).json.code).toBe('auth.last_operator')
      await shop.drain()
      expect(mails.last(BEN)).toMatchObject({ subject: 'You are to be an operator of Agency' })
      expect(mails.last(BEN).text).toContain('https://crm.agency.example/admin/forgot-password')

      const ben = await choosePassword(shop, mails, BEN)
      expect((await ben('GET')).json.operators).toHaveLength(2)
      expect((await ben('DELETE', `/${first.id}`)).status).toBe(204)
      expect((await ana('GET')).status).toBe(401)
      expect((await (await signIn(shop, ANA))('GET')).json.code).toBe('http.forbidden')
      expect((await ben('DELETE', `/${pending.id}`)).json.code).toBe('auth.last_operator')
      const about = notes.filter(({ action }) => action.startsWith('auth.operator-'))
      expect(about).toMatchObject([
        { action: 'auth.operator-set-up' },
        { action: 'auth.operator-invited', rowId: pending.id },
        { action: 'auth.operator-removed', rowId: first.id },
      ])
      await shop.drain()
      expect(mails.last(ANA).subject).toBe('You are no operator of Agency any more')
    })

  test('of two operators who remove each other at once one stays', async () => {
    const { shop, mails } = await open('multi')
    const ana = await signIn(shop, ANA)
    await ana('POST', '', { email: BEN })
    await shop.drain()
    const ben = await choosePassword(shop, mails, BEN)
    const [first, second] = (await ana('GET')).json.operators
    const answers = await Promise.all([ana('DELETE', `/${second.id}`), ben('DELETE', `/${first.id}`)])
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    const left = await shop.as({ tenantId: 'any' }).db.selectFrom('users').select('isOperator').execute()
    expect(left.filter(({ isOperator }) => isOperator)).toHaveLength(1)
  })

  test('an operator who never opened the account goes with it, and one who is an operator stays one', async () => {
    const { shop } = await open('multi')
    const ana = await signIn(shop, ANA)
    await ana('POST', '', { email: BEN })
    expect((await ana('POST', '', { email: BEN })).status).toBe(200)
    const { operators } = (await ana('GET')).json
    expect(operators).toHaveLength(2)
    expect((await ana('DELETE', `/${operators[1].id}`)).status).toBe(204)
    const users = await shop.as({ tenantId: 'any' }).db.selectFrom('users').select('email').execute()
    expect(users).toEqual([{ email: ANA }])
    expect((await ana('DELETE', `/${operators[1].id}`)).status).toBe(404)
  })
})

/** What a person does with operators, by their own token. */
async function signIn(shop: Shop, email: string) {
  const body = { email, password: PASSWORD }
  const { json } = await shop.fetch('/api/auth/token', { method: 'POST', as: null, body })
  return (method: string, path = '', sent?: object) =>
    shop.fetch(`/api/v1/operator/operators${path}`, {
      method,
      as: null,
      headers: { authorization: `Bearer ${json.accessToken}` },
      ...(sent ? { body: sent } : {}),
    })
}

async function choosePassword(shop: Shop, mails: ReturnType<typeof mailbox>, email: string) {
  const post = (path: string, body: object) =>
    shop.fetch(`/api/auth/${path}`, { method: 'POST', as: null, body })
  const { requestId } = (await post('forgot-password', { email })).json
  await shop.drain()
  const code = /^\d{6}$/m.exec(mails.last(email).text)![0]
  await post('reset-password', { requestId, code, password: PASSWORD })
  return signIn(shop, email)
}
