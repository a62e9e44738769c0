import { request } from 'node:http'
import {
  col,
  defineEntity,
  defineJob,
  definePlugin,
  defineSchedule,
  handleJob,
  provide,
  type Plugin,
  type Provider,
  type TableDefinition,
} from '@clientele/core'
import {
  createTestClientele,
  eachStorage,
  testToken,
  type TestClientele,
  type TestStorage,
} from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { mailRecorder, noteRecorder } from '../accounts.fixture.ts'
import { auth } from '../auth.plugin.ts'
import type { AuthOptions } from '../auth.options.ts'
import { TenantMembers } from '../member/member.service.ts'
import { User } from '../user/user.entity.ts'
import { Dns, dnsPort } from './dns.ts'
import { Tenant } from './tenant.entity.ts'
import { dnsServer } from './dns-server.fixture.ts'

type Shop = TestClientele<readonly [ReturnType<typeof auth>]>

const Chore = defineJob('chores.run', z.object({}))
/** Stands for the plugin of customers: a quota names the entity, whoever declares it. */
const customersTable: TableDefinition = { name: 'customers', columns: { name: col.text() } }
const eventsTable: TableDefinition = { name: 'events', columns: { name: col.text() } }
const Customer = defineEntity(customersTable.name, customersTable.columns)
const Event = defineEntity(eventsTable.name, eventsTable.columns)
const shopPlugin = definePlugin({
  id: 'shop',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Customer, Event],
  migrations: {
    '0001-shop': {
      async up(m) {
        for (const table of [customersTable, eventsTable]) await m.createTable(table)
      },
      async down(m) {
        for (const { name } of [customersTable, eventsTable]) await m.dropTable(name)
      },
    },
  },
})

const OPERATOR = { as: { tenants: ['*'] as const, id: 'operator' } } as const

async function open(
  storage: TestStorage,
  options: AuthOptions & {
    readonly dns?: string
    readonly done?: string[]
    readonly overrides?: readonly Provider[]
    readonly others?: readonly Plugin[]
  } = {},
): Promise<Shop> {
  const { dns, done = [], overrides = [], others = [], ...rest } = options
  const chores = definePlugin({
    id: 'chores',
    version: '1.0.0',
    requires: { core: '*' },
    jobs: [handleJob(Chore, async (_, ctx) => void done.push(ctx.tenantId))],
    schedules: [defineSchedule(Chore, {}, { cron: '0 * * * *' })],
  })
  return createTestClientele({
    storage,
    plugins: [auth(rest), chores(), shopPlugin(), ...others],
    tenancy: { mode: 'multi' },
    overrides: dns
      ? [...overrides, provide(Dns, { factory: () => dnsPort({ servers: [dns] }) })]
      : [...overrides],
  })
}

const operate = (shop: Shop, method: string, path: string, body?: unknown) =>
  shop.fetch(`/api/v1/operator/${path}`, { ...OPERATOR, method, ...(body === undefined ? {} : { body }) })

async function tenantWithKey(
  shop: Shop,
  tenantId: string,
): Promise<{ readonly get: (path: string) => ReturnType<Shop['fetch']> }> {
  expect((await operate(shop, 'POST', 'tenants', { tenantId })).status).toBe(201)
  const body = { name: 'k', scopes: ['users:read', 'domains:read'] }
  const { key } = await shop.as({ tenantId }).api.auth.createApiKey({ body })
  const authorization = `Bearer ${key}`
  return { get: (path) => shop.fetch(path, { as: null, headers: { authorization } }) }
}

eachStorage((storage) => {
  test('an invitation of a suspended tenant waits until the tenant works again', async () => {
    const { mails, provider } = mailRecorder()
    const shop = await open(storage, { overrides: [provider] })
    await operate(shop, 'POST', 'tenants', { tenantId: 'acme' })
    const body = { email: 'ana@example.com', role: 'admin' }
    await shop.as({ tenantId: 'acme' }).api.auth.createInvitation({ body })
    const token = /token=(\S+)/.exec(mails.at(-1)?.text ?? '')?.[1]
    const accept = () =>
      shop.fetch('/api/auth/invitations/accept', { as: null, method: 'POST', body: { token } })
    await operate(shop, 'POST', 'tenants/acme/suspend', { reason: 'unpaid' })
    expect((await accept()).json.code).toBe('auth.tenant_suspended')
    const { ctx } = shop.as({ tenantId: 'acme' })
    expect(await ctx.db.selectFrom('tenantMembers').select('id').execute()).toEqual([])
    await operate(shop, 'POST', 'tenants/acme/resume')
    expect((await accept()).status).toBe(200)
  })

  test('the credentials of a suspended tenant are refused, its jobs wait, and both go on afterwards', async () => {
    const done: string[] = []
    const shop = await open(storage, { done })
    const acme = await tenantWithKey(shop, 'acme')
    const other = await tenantWithKey(shop, 'other')
    await shop.as({ tenantId: 'acme' }).tx((t) => t.enqueue(Chore, {}))
    const suspended = await operate(shop, 'POST', 'tenants/acme/suspend', { reason: 'unpaid' })
    expect(suspended.json).toMatchObject({ state: 'suspended', reason: 'unpaid' })
    expect((await acme.get('/api/v1/admin/users')).json.code).toBe('auth.tenant_suspended')
    expect((await other.get('/api/v1/admin/users')).status).toBe(200)
    await shop.drain()
    expect(done).toEqual([])
    await operate(shop, 'POST', 'tenants/acme/resume')
    expect((await acme.get('/api/v1/admin/users')).status).toBe(200)
    shop.clock.advance(15_000)
    await shop.drain()
    expect(done).toEqual(['acme'])
  })

  test('what another node did to a tenant counts here within five seconds', async () => {
    const shop = await open(storage)
    const acme = await tenantWithKey(shop, 'acme')
    expect((await acme.get('/api/v1/admin/users')).status).toBe(200)
    const { json } = await operate(shop, 'GET', 'tenants/acme')
    // Past the service, as another process writes it: nothing tells this one.
    await shop.as({ tenantId: 'acme' }).tx((t) => t.repo(Tenant).patch(json.id, { state: 'suspended' }))
    shop.clock.advance(5000)
    expect((await acme.get('/api/v1/admin/users')).json.code).toBe('auth.tenant_suspended')
  })

  test('schedules go through the tenants that are active', async () => {
    const done: string[] = []
    const shop = await open(storage, { done })
    for (const tenantId of ['acme', 'other']) await operate(shop, 'POST', 'tenants', { tenantId })
    await operate(shop, 'POST', 'tenants/other/suspend', { reason: 'unpaid' })
    await shop.drain()
    shop.clock.advance(3_600_000)
    await shop.drain()
    expect(done).toEqual(['acme'])
  })

  test('deleting a tenant removes all its rows after the grace, and nobody else’s', async () => {
    const shop = await open(storage)
    for (const tenantId of ['acme', 'other']) {
      await tenantWithKey(shop, tenantId)
      await addUser(shop, tenantId, `${tenantId}@example.com`)
      await shop.as({ tenantId }).api.auth.addDomain({ body: { domain: `crm.${tenantId}.example` } })
      await shop.as({ tenantId }).tx((t) => t.enqueue(Chore, {}, { runAt: '2027-01-01T00:00:00.000Z' }))
    }
    const before = await rowsOf(shop, 'other')
    const asked = await operate(shop, 'POST', 'tenants/acme/delete', { reason: 'closed', graceDays: 1 })
    expect(asked.json.state).toBe('deleting')
    await shop.drain()
    expect((await rowsOf(shop, 'acme')).length).toBeGreaterThan(4)
    shop.clock.advance(86_400_000)
    await shop.drain()
    expect(await rowsOf(shop, 'acme')).toEqual([])
    expect((await rowsOf(shop, 'other')).filter((row) => before.includes(row))).toEqual(before)
    const { items } = (await operate(shop, 'GET', 'tenants')).json
    expect(items.map((one: { state: string }) => one.state).toSorted()).toEqual(['active', 'deleted'])
    const users = await shop.as({ tenantId: 'other' }).db.selectFrom('users').select('email').execute()
    expect(users).toEqual([{ email: 'other@example.com' }])
    expect((await operate(shop, 'POST', 'tenants', { tenantId: 'acme' })).json.code).toBe('auth.tenant_taken')
  })

  test('a deletion can be called off until its grace is over', async () => {
    const shop = await open(storage)
    const acme = await tenantWithKey(shop, 'acme')
    await operate(shop, 'POST', 'tenants/acme/delete', { reason: 'closed' })
    expect((await acme.get('/api/v1/admin/users')).json.code).toBe('auth.tenant_going')
    expect((await operate(shop, 'POST', 'tenants/acme/resume')).json.state).toBe('active')
    shop.clock.advance(31 * 86_400_000)
    await shop.drain()
    expect((await acme.get('/api/v1/admin/users')).status).toBe(200)
  })

  test('an export has every row of the tenant, of no other, and no secret', async () => {
    const shop = await open(storage)
    await tenantWithKey(shop, 'acme')
    await tenantWithKey(shop, 'other')
    await addUser(shop, 'acme', 'ana@example.com')
    const { json: made } = await operate(shop, 'POST', 'tenants/acme/exports')
    await shop.drain()
    const { json: done } = await operate(shop, 'GET', `tenant-exports/${made.id}`)
    expect(done.state).toBe('done')
    const { text } = await operate(shop, 'GET', `tenant-exports/${made.id}/apiKeys.ndjson`)
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).name),
    ).toEqual(['k'])
    const names = done.files.map((file: { name: string }) => file.name)
    expect(names).toEqual(expect.arrayContaining(['tenantMembers.ndjson', 'settings.ndjson', 'roles.ndjson']))
    for (const name of names) {
      const file = await operate(shop, 'GET', `tenant-exports/${made.id}/${name}`)
      expect(file.text, name).not.toContain('other')
    }
    expect((await operate(shop, 'GET', `tenant-exports/${made.id}/passwd`)).status).toBe(404)
  })

  test('a tenant reads in its own trail that an operator took its rows out', async () => {
    const { notes, plugin } = noteRecorder()
    const shop = await open(storage, { others: [plugin] })
    await operate(shop, 'POST', 'tenants', { tenantId: 'acme' })
    const { json: made } = await operate(shop, 'POST', 'tenants/acme/exports')
    await shop.drain()
    await operate(shop, 'GET', `tenant-exports/${made.id}/roles.ndjson`)
    expect(notes).toMatchObject([
      { tenantId: 'acme', action: 'auth.tenant-export-started' },
      { tenantId: 'acme', action: 'auth.tenant-export-downloaded', details: { file: 'roles.ndjson' } },
    ])
  })

  test('a domain counts once a TXT record proves it, for one tenant only', async () => {
    const dns = await dnsServer()
    const shop = await open(storage, { dns: dns.address, tenantDomain: 'shops.example.com' })
    const acme = await tenantWithKey(shop, 'acme')
    await tenantWithKey(shop, 'other')
    const { api } = shop.as({ tenantId: 'acme' })
    const { id, record } = await api.auth.addDomain({ body: { domain: 'CRM.Acme.example' } })
    expect(record.name).toBe('_clientele.crm.acme.example')
    const unproved = api.auth.verifyDomain({ params: { id } })
    await expect(unproved).rejects.toMatchObject({ code: 'auth.domain_unproved' })
    dns.records.set(record.name, ['something else', record.value])
    expect((await api.auth.verifyDomain({ params: { id } })).verifiedAt).not.toBe(null)
    const at = (host: string) => atHost(shop, host, 'acme')
    expect(await at('crm.acme.example')).toBe(200)
    expect(await at('acme.shops.example.com')).toBe(200)
    expect(await at('other.shops.example.com')).toBe(403)
    expect(await at('nobody.shops.example.com')).toBe(404)
    expect(await atHost(shop, 'crm.acme.example:8080', 'other')).toBe(403)
    expect((await acme.get('/api/v1/admin/domains')).status).toBe(200)

    const theirs = shop.as({ tenantId: 'other' }).api
    const second = await theirs.auth.addDomain({ body: { domain: 'crm.acme.example' } })
    dns.records.set(record.name, [record.value, second.record.value])
    const taken = theirs.auth.verifyDomain({ params: { id: second.id } })
    await expect(taken).rejects.toMatchObject({ code: 'auth.domain_taken' })
    const foreign = theirs.auth.removeDomain({ params: { id } })
    await expect(foreign).rejects.toMatchObject({ code: 'entity.not_found' })
  })

  test('a domain whose record is gone stands for its tenant a week longer, and then for whoever proves it', async () => {
    const dns = await dnsServer()
    const shop = await open(storage, { dns: dns.address })
    await tenantWithKey(shop, 'acme')
    await tenantWithKey(shop, 'other')
    const { api } = shop.as({ tenantId: 'acme' })
    const { id, record } = await api.auth.addDomain({ body: { domain: 'crm.acme.example' } })
    dns.records.set(record.name, [record.value])
    const { verifiedAt } = await api.auth.verifyDomain({ params: { id } })
    await shop.drain()
    const daysLater = async (days: number) => {
      shop.clock.advance(days * 86_400_000)
      await shop.drain()
      return (await api.auth.listDomains()).domains[0]!
    }
    const fine = await daysLater(1)
    expect(fine).toMatchObject({ verifiedAt, missingSince: null, servedUntil: null })
    expect(fine.checkedAt! > verifiedAt!).toBe(true)

    dns.records.clear()
    const gone = await daysLater(1)
    expect(gone).toMatchObject({ verifiedAt, missingSince: gone.checkedAt })
    expect(Date.parse(gone.servedUntil!) - Date.parse(gone.missingSince!)).toBe(7 * 86_400_000)
    dns.refuse = true
    expect(await daysLater(9)).toEqual(gone)
    await expect(api.auth.verifyDomain({ params: { id } })).rejects.toMatchObject({
      code: 'auth.dns_unavailable',
    })
    dns.refuse = false
    dns.records.set(record.name, [record.value])
    expect(await daysLater(1)).toMatchObject({ verifiedAt, missingSince: null })

    dns.records.clear()
    await daysLater(1)
    expect((await daysLater(6)).verifiedAt).toBe(verifiedAt)
    expect(await atHost(shop, 'crm.acme.example', 'other')).toBe(403)
    const lost = await daysLater(1)
    expect(lost).toMatchObject({ verifiedAt: null, servedUntil: null })
    expect(lost.missingSince).not.toBe(null)
    expect(await atHost(shop, 'crm.acme.example', 'other')).toBe(200)
    const theirs = shop.as({ tenantId: 'other' }).api
    const second = await theirs.auth.addDomain({ body: { domain: 'crm.acme.example' } })
    dns.records.set(record.name, [second.record.value])
    expect((await theirs.auth.verifyDomain({ params: { id: second.id } })).verifiedAt).not.toBe(null)
  })

  test('a quota of keys is held when they are made', async () => {
    const shop = await open(storage)
    await operate(shop, 'POST', 'tenants', { tenantId: 'acme', quotas: { keys: 1 } })
    const { api } = shop.as({ tenantId: 'acme' })
    const body = { name: 'k', scopes: ['users:read'] }
    const { apiKey } = await api.auth.createApiKey({ body })
    await expect(api.auth.createApiKey({ body })).rejects.toMatchObject({ code: 'auth.quota_reached' })
    await api.auth.revokeApiKey({ params: { id: apiKey.id } })
    await api.auth.createApiKey({ body })
  })

  test('quotas of customers and of the month’s events hold whatever adds them, in whole transactions', async () => {
    const shop = await open(storage)
    await operate(shop, 'POST', 'tenants', { tenantId: 'acme', quotas: { customers: 3, eventsPerMonth: 2 } })
    await operate(shop, 'POST', 'tenants', { tenantId: 'other' })
    const add = (entity: typeof Customer, n: number, tenantId = 'acme') =>
      shop
        .as({ tenantId })
        .tx((t) => t.repo(entity).insertMany(Array.from({ length: n }, () => ({ name: 'x' }))))
    const reached = { code: 'auth.quota_reached', status: 403 }
    const [first] = await add(Customer, 2)
    await expect(add(Customer, 2)).rejects.toMatchObject(reached)
    await add(Customer, 1)
    await expect(add(Customer, 1)).rejects.toMatchObject(reached)
    await shop.as({ tenantId: 'acme' }).tx((t) => t.repo(Customer).remove(first!.id))
    await add(Customer, 1)
    await add(Customer, 9, 'other')

    await add(Event, 2)
    await expect(add(Event, 1)).rejects.toMatchObject(reached)
    shop.clock.advance(31 * 86_400_000)
    await add(Event, 2)
    await operate(shop, 'PUT', 'tenants/acme/quotas', { eventsPerMonth: null })
    await add(Event, 5)
    await expect(add(Customer, 1)).rejects.toMatchObject(reached)
  })

  test('whoever may do everything in a tenant may do nothing to tenants', async () => {
    const shop = await open(storage)
    await tenantWithKey(shop, 'acme')
    const as = { tenants: ['acme'] as const, permissions: ['*'] }
    const suspended = await shop.fetch('/api/v1/operator/tenants/acme/suspend', {
      as: { ...as, tenants: ['acme'] },
      method: 'POST',
      body: { reason: 'mine' },
    })
    expect(suspended.json.code).toBe('http.forbidden')
  })
})

async function addUser(shop: Shop, tenantId: string, email: string): Promise<void> {
  await shop.as({ tenantId }).tx(async (t) => {
    const { id } = await t.repo(User).insert({ email })
    await t.get(TenantMembers).add(t, id, 'super_admin')
  })
}

/** Everything of a tenant as the database has it, also what only names it. */
async function rowsOf({ storage }: Shop, tenantId: string): Promise<readonly string[]> {
  const tables: string[] = []
  let table = ''
  for (const line of (await storage.describeSchema('clientele_')).split('\n')) {
    if (line !== '' && !line.startsWith(' ')) table = line.replace(/^table /, '').split(' ')[0]!
    if (line.startsWith('  column tenant_id ')) tables.push(`clientele_${table.replace(/^clientele_/, '')}`)
  }
  return storage.read({ tenantId: '*' }, async (connection) => {
    const dumped: string[] = []
    for (const name of tables.filter((one) => one !== 'clientele_tenants')) {
      const sql = `select * from ${name} where tenant_id = '${tenantId}'`
      const { rows } = await connection.execute({ sql, parameters: [] })
      dumped.push(...rows.map((row) => `${name} ${JSON.stringify(row)}`))
    }
    return dumped
  })
}

/** By the header that browsers send: `fetch` does not let it be chosen. */
async function atHost(shop: Shop, host: string, tenant: string): Promise<number> {
  const authorization = testToken({ tenants: [tenant] })
  const url = `${await shop.url()}/api/v1/admin/users`
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { host, authorization } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject).end()
  })
}
