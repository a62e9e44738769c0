import { silentLogger, type LogFields, type Plugin } from '@clientele/core'
import { createTestClientele, eachStorage, type TestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { noteRecorder } from '../accounts.fixture.ts'
import { auth } from '../auth.plugin.ts'
import { Sessions } from '../session/session.service.ts'
import { User } from '../user/user.entity.ts'

type Shop = TestClientele<readonly [ReturnType<typeof auth>]>

const PASSWORD = 'correct horse battery'

eachStorage((storage) => {
  const open = async (
    mode: 'single' | 'multi' = 'multi',
    others: readonly Plugin[] = [],
  ): Promise<{ shop: Shop; token: string }> => {
    const printed: LogFields[] = []
    const logger = { ...silentLogger(), warn: (fields: LogFields) => void printed.push(fields) }
    const shop = await createTestClientele({
      storage,
      plugins: [auth(), ...others],
      tenancy: { mode },
      logger: { ...logger, child: () => logger },
    })
    return { shop, token: String(printed.find((one) => 'setupWith' in one)?.['setupWith']) }
  }

  test('a hundred setups at once make one operator, and then the path is gone', async () => {
    const { shop, token } = await open()
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => setUp(shop, { token, email: `ana${n}@example.com` })),
    )
    const made = answers.filter(({ status }) => status === 201)
    expect(made).toHaveLength(1)
    for (const { status, json } of answers) if (status !== 201) expect(json.code).toBe('http.not_found')
    const operators = await shop.as({ tenantId: 'any' }).db.selectFrom('users').select('isOperator').execute()
    expect(operators).toEqual([{ isOperator: true }])
    expect((await setUp(shop, { token, email: 'late@example.com' })).status).toBe(404)
  })

  test('a wrong token makes nobody', async () => {
    const { shop, token } = await open()
    for (const wrong of ['x', token.slice(1), `${token}0`])
      expect((await setUp(shop, { token: wrong })).json.code).toBe('auth.wrong_setup_token')
    expect((await setUp(shop, { token, password: 'password' })).json.code).toBe('auth.weak_password')
    expect((await setUp(shop, { token })).status).toBe(201)
  })

  test('an account that becomes the operator is signed out everywhere, and that stands on the record', async () => {
    const { notes, plugin } = noteRecorder()
    const { shop, token } = await open('single', [plugin])
    const { ctx, tx } = shop.as()
    const device = { kind: 'bearer', ip: '127.0.0.1', userAgent: 'till' } as const
    const known = await tx((t) => t.repo(User).insert({ email: 'ana@example.com' }))
    await tx((t) => t.get(Sessions).begin(t, known, device))
    expect((await setUp(shop, { token })).json).toEqual({ userId: known.id })
    expect(await ctx.get(Sessions).list(ctx, known.id)).toEqual([])
    expect(notes).toMatchObject([{ action: 'auth.operator-set-up', rowId: known.id }])
  })

  test('with one tenant the first operator is its super admin as well', async () => {
    const { shop, token } = await open('single')
    await setUp(shop, { token })
    const { items } = await shop.as().api.auth.listUsers()
    expect(items).toMatchObject([{ email: 'ana@example.com', role: 'super_admin' }])
  })

  test('an operator manages tenants, and works in one only by naming it', async () => {
    const { shop, token } = await open()
    await setUp(shop, { token })
    const bearer = await signIn(shop, 'ana@example.com')
    const call = (method: string, path: string, body?: unknown) =>
      shop.fetch(path, { as: null, method, headers: { authorization: bearer }, ...(body ? { body } : {}) })
    expect((await call('POST', '/api/v1/operator/tenants', { tenantId: 'acme', name: 'Acme' })).status).toBe(
      201,
    )
    expect((await call('GET', '/api/v1/admin/users')).json.code).toBe('http.tenant_needed')
    expect((await call('GET', '/api/v1/tenants/acme/admin/users')).json).toMatchObject({ items: [] })
    expect((await call('GET', '/api/v1/tenants/acme/settings/tenant')).json.value.name).toBe('Acme')
    expect((await call('GET', '/api/v1/tenants/nobody/admin/users')).status).toBe(403)
  })
})

function setUp(shop: Shop, body: { token: string; email?: string; password?: string }) {
  return shop.fetch('/api/v1/operator/setup', {
    as: null,
    method: 'POST',
    body: { email: 'ana@example.com', password: PASSWORD, ...body },
  })
}

async function signIn(shop: Shop, email: string): Promise<string> {
  const { json } = await shop.fetch('/api/auth/token', {
    as: null,
    method: 'POST',
    body: { email, password: PASSWORD },
  })
  return `Bearer ${json.accessToken}`
}
