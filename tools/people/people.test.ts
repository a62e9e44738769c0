import { Secret, TOTP } from 'otpauth'
import { AuditTrail } from '@clientele/plugin-audit'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { isOfNoTenant } from '../isolation/operations.ts'
import { canary, TENANTS, type Tenant } from '../isolation/tenants.ts'
import { openCrew, type Crew } from './crew.fixture.ts'
import { dumpAll, holds } from './secrets.fixture.ts'

const CODE = /^(\d{6})$/m
const INVITATION = /[#=]([\w.-]{40,})/
const GRACE = 'closed for good'

eachStorage((storage) => {
  test('people, operators, mails, logs and exports of three tenants tell nothing of another, and no secret', async () => {
    const crew = await openCrew(storage)
    const dumps: string[] = []
    const dump = async (): Promise<void> => void dumps.push(await dumpAll(crew.test.storage, storage))
    const operator = await setUp(crew)
    for (const tenant of TENANTS) {
      const owner = await openTenant(crew, operator, tenant)
      await dump()
      await work(crew, owner, tenant)
      await readAll(crew, tenant, { as: owner })
      await readAll(crew, tenant, { as: operator, inside: true })
      await lookAfterAccount(crew, tenant, dump)
      await exportTenant(crew, operator, tenant)
      await dump()
    }
    await govern(crew, operator)
    await failEverywhere(crew)
    await dump()

    expectNothingForeign(crew)
    expectNoSecrets(crew, dumps.join('\n'))
    await expectChained(crew)
    await expectOperatorOnRecord(crew)
    const routes = crew.operations.filter(isOfNoTenant).map(({ route }) => route)
    const answered = new Set(crew.told.filter(({ status }) => status < 300).map(({ route }) => route))
    const missed = routes.filter((route) => !answered.has(route))
    console.log(
      `people on ${storage}: ${routes.length - missed.length} of ${routes.length} routes answered 2xx; not: ${missed.join(', ') || 'none'}; ${answered.size} routes of all, ${crew.told.length} requests, ${crew.mails.length} mails, ${crew.lines.length} lines, ${crew.secrets.size} secrets`,
    )
    expect(missed.length / routes.length).toBeLessThanOrEqual(0.05)
  }, 120_000)
})

/** The first operator, by the token that the start printed. */
async function setUp(crew: Crew): Promise<string> {
  const printed = /"setupWith":"([^"]+)"/.exec(crew.lines.join(''))![1]!
  const [email, password] = [
    'operator@platform.example',
    crew.keep('password of the operator', 'a platform of ours'),
  ]
  await crew.get('auth.setUp', { body: { token: crew.keep('setup token', printed), email, password } })
  const { json } = await crew.get('auth.token', { body: { email, password } })
  await crew.get('auth.me', { as: json.accessToken })
  return json.accessToken
}

/** A tenant with a brand, and somebody who was invited to run it. */
async function openTenant(crew: Crew, operator: string, tenant: Tenant): Promise<string> {
  const own = canary(tenant)
  const inside = { as: operator, of: tenant, inside: true } as const
  const params = { tenantId: tenant }
  await crew.get('auth.createTenant', { as: operator, body: { tenantId: tenant, name: `Shop ${own}` } })
  await crew.get('auth.getTenant', { as: operator, of: tenant, params })
  await crew.get('auth.setTenantQuotas', { as: operator, of: tenant, params, body: { customers: 1000 } })
  const email = `owner-${own}@example.com`
  await crew.get('auth.createInvitation', { ...inside, body: { email, role: 'super_admin' } })
  const token = await crew.mailed(email, INVITATION)
  const password = crew.keep(`password of ${tenant}`, `the shop of ${tenant} opens`)
  await crew.get('auth.acceptInvitation', { of: tenant, body: { token, password, name: `Eva ${own}` } })
  return (await crew.get('auth.token', { of: tenant, body: { email, password } })).json.accessToken
}

/** Rows of many kinds, all with the tenant’s word in them. */
async function work(crew: Crew, as: string, of: Tenant): Promise<void> {
  const own = canary(of)
  const make = async (route: string, body: unknown, params = {}) =>
    (await crew.get(route, { as, of, body, params })).json
  const person = { firstName: 'Ana', lastName: own, email: 'ana@example.com', traits: { plan: own } }
  const { id: customerId } = await make('customers.create', person)
  await make('customers.addNote', { text: `Calls on Mondays ${own}` }, { id: customerId })
  await make('customers.changeTags', { add: ['vip', own] }, { id: customerId })
  const price = { amount: 1000, currency: 'EUR' }
  const product = await make('inventory.createProduct', { name: `Mug ${own}`, sku: 'SKU-1', price })
  await make('inventory.updateProduct', { name: `Cup ${own}` }, { id: product.id })
  const lines = [{ productId: product.id, quantity: 1 }]
  await make('orders.create', { customerId, state: 'paid', lines: [{ ...lines[0] }] }).catch(() => {
    throw new Error('An order needs stock: see inventory.adjust')
  })
  const segment = await make('segments.create', { name: `All ${own}`, condition: { all: [] } })
  await make('auth.createRole', { key: 'clerk', name: own, permissions: ['orders:read'] })
  await make('auth.createApiKey', { name: own, scopes: ['orders:read'] })
  await make('auth.addDomain', { domain: `crm.${own}.example` })
  const subscriptions = { events: ['customers.unmerged'], customerEvents: [] }
  await make('webhooks.create', { url: `https://10.9.8.7/${own}`, description: own, subscriptions })
  await make('customers.startExport', { name: `${own}.csv` })
  await make('audit.startExport', { name: `trail-${own}.csv` })
  await crew.test.drain()
  const { json } = await crew.get('segments.exportMembers', { as, of, params: { id: segment.id } })
  expect(json).toBeUndefined()
}

/** Every list, file and stream that needs no id. */
async function readAll(
  crew: Crew,
  of: Tenant,
  { as, inside = false }: { readonly as: string; readonly inside?: boolean },
): Promise<void> {
  for (const { route, method, path, parameters } of crew.operations) {
    if (method !== 'GET' || path.includes('{') || !path.startsWith('/api/v1/') || path.includes('/operator/'))
      continue
    const query = QUERY[route]
    await crew.ask(route, { as, of, inside, ...(query === undefined ? {} : { query }) })
    if (parameters.some(({ name }) => name === 'q'))
      await crew.ask(route, { as, of, inside, query: 'q=canary' })
  }
  const { json } = await crew.get('core.listFiles', { as, of, inside })
  for (const { id } of json.items) await crew.get('core.downloadFile', { as, of, inside, params: { id } })
  expect(json.items.length).toBeGreaterThanOrEqual(2)
}

const QUERY: Readonly<Record<string, string>> = {
  'core.live': 'once=true&jobs=true&after=00000000-0000-0000-0000-000000000000',
}

/** Somebody who signs up, and everything they may do with their account. */
async function lookAfterAccount(crew: Crew, of: Tenant, dump: () => Promise<void>): Promise<void> {
  const own = canary(of)
  const email = `mia-${own}@example.com`
  const password = crew.keep(`password of mia of ${of}`, `mia likes ${of} most`)
  const newPassword = crew.keep(`new password of mia of ${of}`, `mia now likes ${of} less`)
  const call = (route: string, body?: unknown, as?: string) => crew.get(`auth.${route}`, { as, of, body })
  const asked = (await call('register', { email, password, name: `Mia ${own}` })).json
  // What is on its way stands in jobs.
  await dump()
  const code = await crew.mailed(email, CODE)
  await dump()
  await call('verify', { requestId: asked.requestId, code })
  const { accessToken: as, refreshToken } = (await call('token', { email, password })).json
  await call('updateMe', { name: `Mia Reis ${own}` }, as)
  const cookie = (await call('token', { email, password, as: 'cookie' })).headers
    .get('set-cookie')!
    .split(';')[0]!
  await call('me', undefined, cookie)
  const { items } = (await call('listMySessions', undefined, as)).json
  const other = items.find((one: { readonly isCurrent: boolean }) => !one.isCurrent)
  await crew.get('auth.endMySession', { as, of, params: { id: other.id } })
  await call('endMyOtherSessions', undefined, as)
  const { secret } = (await call('enrolTotp', { password }, as)).json
  const otp = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: crew.test.clock.now() })
  await call('confirmTotp', { otp: crew.keep(`one-time password of ${of}`, otp) }, as)
  await call('renewRecoveryCodes', { password }, as)
  await call('removeTotp', { password }, as)
  const newEmail = `mia-reis-${own}@example.com`
  const { requestId } = (await call('askEmail', { email: newEmail, password }, as)).json
  await dump()
  await call('confirmEmail', { requestId, code: await crew.mailed(newEmail, CODE) }, as)
  await call('changePassword', { currentPassword: password, newPassword }, as)
  await call('refresh', { refreshToken })
  const forgot = (await call('forgotPassword', { email: newEmail })).json
  const reset = await crew.mailed(newEmail, CODE)
  await call('resetPassword', { requestId: forgot.requestId, code: reset, password })
  const last = (await call('token', { email: newEmail, password })).json
  await call('logout', undefined, last.accessToken)
  await signInElsewhere(crew, of, { email: newEmail, password })
  await call('brand')
  await crew.test.drain()
}

/** By a telephone that they never used: told of once, and not of what they signed in with before. */
async function signInElsewhere(
  crew: Crew,
  of: Tenant,
  person: { readonly email: string; readonly password: string },
): Promise<void> {
  const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1'
  for (let n = 0; n < 2; n++) await crew.get('auth.token', { of, body: person, userAgent })
  await crew.test.drain()
  const told = crew.mails.filter(
    ({ to, mail }) => to[0] === person.email && /New sign-in/.test(mail.subject!),
  )
  expect(told).toHaveLength(1)
  for (const form of [told[0]!.mail.text, told[0]!.mail.html]) {
    expect(form).toContain('Safari on iPhone')
    expect(form).toContain('https://platform.example/admin/forgot-password')
  }
}

/** All files of it, by the operator. */
async function exportTenant(crew: Crew, as: string, of: Tenant): Promise<void> {
  const { json: made } = await crew.get('auth.exportTenant', { as, of, params: { tenantId: of } })
  await crew.test.drain()
  const { json } = await crew.get('auth.getTenantExport', { as, of, params: { id: made.id } })
  const texts: string[] = []
  for (const { name } of json.files)
    texts.push(
      (await crew.get('auth.downloadTenantExport', { as, of, params: { id: made.id, file: name } })).text,
    )
  expect(texts.length).toBeGreaterThan(10)
  expect(texts.join('\n')).toContain(canary(of))
}

/** What is left for an operator to do: stop and remove tenants, and other operators. */
async function govern(crew: Crew, as: string): Promise<void> {
  const of = 'tenant-c'
  const params = { tenantId: of }
  await crew.get('auth.suspendTenant', { as, of, params, body: { reason: GRACE } })
  await crew.get('auth.resumeTenant', { as, of, params })
  await crew.get('auth.deleteTenant', { as, of, params, body: { reason: GRACE, graceDays: 1 } })
  await crew.get('auth.resumeTenant', { as, of, params })
  await crew.get('auth.listTenants', { as })
  const second = { email: 'second@platform.example' }
  await crew.get('auth.addOperator', { as, body: second })
  const { operators } = (await crew.get('auth.listOperators', { as })).json
  const { id } = operators.find(({ email }: typeof second) => email === second.email)
  await crew.get('auth.removeOperator', { as, params: { id } })
  await crew.get('audit.listPlatform', { as })
  // The job that numbers what was done comes every two seconds.
  crew.test.clock.advance('2s')
  await crew.test.drain()
  const { json } = await crew.get('audit.verifyPlatform', { as })
  expect(json).toMatchObject({ pending: 0, problems: [] })
  expect(json.entries).toBeGreaterThan(3)
}

/** Each route of people once more as nobody, with every secret where none belongs. */
async function failEverywhere(crew: Crew): Promise<void> {
  const [, password] = [...crew.secrets].find(([name]) => name.startsWith('password of mia'))!
  const [, token] = [...crew.secrets].find(([name]) => name.startsWith('refreshToken'))!
  const wrong = {
    email: password,
    password: token,
    code: password,
    token,
    refreshToken: token,
  }
  for (const { route } of crew.operations.filter(isOfNoTenant))
    await crew.ask(route, { as: token, body: wrongFor(crew, route, wrong) })
}

function wrongFor({ operations }: Crew, route: string, wrong: object): object | undefined {
  const { method } = operations.find((one) => one.route === route)!
  return method === 'GET' || method === 'DELETE' ? undefined : wrong
}

function expectNothingForeign({ told, mails, lines }: Crew): void {
  for (const tenant of TENANTS) {
    const others = TENANTS.filter((one) => one !== tenant).map(canary)
    const tells = (text: string) => others.some((other) => text.includes(other))
    expect(told.filter(({ of, text }) => of === tenant && tells(text)).map(({ route }) => route)).toEqual([])
    const own = mails.filter(({ to }) => to.some((one) => one.includes(canary(tenant))))
    expect(own.length).toBeGreaterThan(6)
    for (const { raw, mail } of own) {
      expect(tells(raw) || tells(JSON.stringify(mail)), mail.subject).toBe(false)
      expect([Boolean(mail.text), Boolean(mail.html)], mail.subject).toEqual([true, true])
    }
    expect(own.some(({ mail }) => mail.text?.includes(`Shop ${canary(tenant)}`))).toBe(true)
    const logged = lines.filter((line) => line.includes(`"tenantId":"${tenant}"`))
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.filter(tells)).toEqual([])
  }
  // What fails, and what is there for everyone, names nobody.
  const free = told.filter(({ of, status }) => of === undefined && status >= 400)
  expect(free.filter(({ text }) => text.includes('canary-of-'))).toEqual([])
}

function expectNoSecrets(crew: Crew, database: string): void {
  const { lines, told, secrets } = crew
  const errors = told.filter(({ status }) => status >= 400)
  expect(errors.length).toBeGreaterThan(20)
  // The one that has to be told: whoever reads the log of the first start is the owner of the installation.
  const printed = lines.filter((line) => !line.includes('"setupWith"'))
  const jobs = told.filter(({ route }) => route === 'core.listJobs')
  const places = {
    logs: printed.join(''),
    errors: errors.map(({ text }) => text).join('\n'),
    jobs: jobs.map(({ text }) => text).join('\n'),
    database,
  }
  expect(lines.length - printed.length).toBe(1)
  expect(database).toContain(canary('tenant-a'))
  expect(database).toContain('auth.mail')
  expect(secrets.size).toBeGreaterThan(50)
  const found = [...secrets].flatMap(([name, secret]) =>
    Object.entries(places).flatMap(([place, text]) => (holds(text, secret) ? [`${name} in ${place}`] : [])),
  )
  expect(found).toEqual([])
}

async function expectChained({ test: shop }: Crew): Promise<void> {
  for (const tenantId of TENANTS) {
    const { ctx } = shop.as({ tenantId })
    await ctx.get(AuditTrail).seal(ctx)
    const { entries, pending, problems } = await ctx.get(AuditTrail).verify(ctx)
    expect({ pending, problems }).toEqual({ pending: 0, problems: [] })
    expect(entries).toBeGreaterThan(15)
  }
}

/** What an operator does inside of a tenant stands in the tenant’s own trail. */
async function expectOperatorOnRecord({ test: shop }: Crew): Promise<void> {
  for (const tenantId of TENANTS) {
    const entries = await shop
      .as({ tenantId })
      .db.selectFrom('auditEntries')
      .select(['action', 'entity', 'ip'])
      .where('actorKind', '=', 'operator')
      .execute()
    expect(entries).toContainEqual({ action: 'insert', entity: 'invitations', ip: '127.0.0.1' })
  }
}
