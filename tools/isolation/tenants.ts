import { Audit, Files } from '@clientele/core'
import { AuditTrail } from '@clientele/plugin-audit'
import { TenantMembers, Users } from '@clientele/plugin-auth'
import { Ingest, Source } from '@clientele/plugin-customers'
import { WebhookDelivery, WebhookEndpoints } from '@clientele/plugin-webhooks'
import { seededRandom } from '@clientele/testing'
import { answerTo } from './call.ts'
import { Chore } from './chores.ts'
import type { Shop } from './shop.ts'
import { keptOf } from './write-keys.ts'

export const TENANTS = ['tenant-a', 'tenant-b', 'tenant-c'] as const
export type Tenant = (typeof TENANTS)[number]

/** Repeats a run whose random rows showed something: it is printed with the result. */
export const SEED = Number(process.env['CLIENTELE_SEED'] ?? 20_260_320)

/** Stands in some text of every row of a tenant, and in no text of another's. */
export function canary(tenant: Tenant): string {
  return `canary-of-${tenant}`
}

/**
 * Two lots of rows for a tenant. The first has the same ids in every tenant, the second ids of its own; emails, order
 * numbers, SKUs, external ids, names and words are the same in all. Quantities and prices differ, so sums do too.
 */
export async function fillTenant(shop: Shop, tenant: Tenant): Promise<void> {
  await change(shop, tenant, 'tenant', { name: `Shop ${canary(tenant)}` })
  await change(shop, tenant, 'inventory', { lowStockAt: 3 + TENANTS.indexOf(tenant) })
  shop.ids.use('shared')
  await fillLot(shop, tenant, 1)
  // Jobs of all tenants stand in one table: those of this lot are done before another tenant has their ids.
  await shop.test.drain()
  shop.ids.use(tenant)
  await fillLot(shop, tenant, 2)
  await addEvents(shop, tenant)
  await addWords(shop, tenant)
  await addWebhooks(shop, tenant)
  await addMembers(shop, tenant)
  await addViews(shop, tenant)
  await addPrivacy(shop, tenant)
  await addJobs(shop, tenant)
  // What these do is on the record, and so are their ids: how many the jobs of one took is nothing to the next.
  for (const [n, add] of [addImport, addExports, addTrail].entries()) {
    shop.ids.use(`on the record ${n} of ${tenant}`)
    await add(shop, tenant)
  }
}

/** Two strangers, of whom one turns out to be a customer; the same identifiers and messages in every tenant. */
async function addEvents(shop: Shop, tenant: Tenant): Promise<void> {
  const { tx, api, ctx } = shop.test.as({ tenantId: tenant })
  const own = canary(tenant)
  const source = await tx((t) => t.repo(Source).insert({ name: `Web ${own}`, ...keptOf(tenant) }))
  const event = (messageId: string, who: object): object => ({
    ...{ type: 'track', event: 'Product Viewed', messageId, properties: { own }, context: { own } },
    ...who,
  })
  const events = [
    event('m1', { anonymousId: 'stranger' }),
    event('m2', { userId: 'ana' }),
    event('m3', { anonymousId: 'stranger', userId: 'ana' }),
    event('m4', { anonymousId: 'other', context: { externalIds: [{ id: own, type: 'crm' }] } }),
    { ...event('m7', { userId: 'ana' }), type: 'identify', traits: { [`plan ${own}`]: own } },
    { ...event('m5', { userId: 'ana' }), type: own },
    { ...event('m6', { userId: own }), timestamp: 'never' },
  ]
  await ctx.get(Ingest).ingest(ctx, { events, sourceId: source.id })
  const { items } = await api.customers.list({ query: { sort: 'id', limit: 2 } })
  const made = await api.customers.create({ body: { firstName: 'Twin', lastName: own } })
  await api.customers.mergeCustomer({ params: { id: items[0]!.id }, body: { mergedId: made.id } })
}

/** Tags and notes. */
async function addWords(shop: Shop, tenant: Tenant): Promise<void> {
  const { api } = shop.test.as({ tenantId: tenant })
  const own = canary(tenant)
  const { items } = await api.customers.list({ query: { sort: 'id', limit: 3 } })
  for (const { id } of items) {
    await api.customers.changeTags({ params: { id }, body: { add: ['vip', own] } })
    await api.customers.addNote({ params: { id }, body: { text: `Calls on Mondays ${own}` } })
  }
}

/** Endpoints at an address that nothing is ever sent to, and what would have gone there. */
async function addWebhooks(shop: Shop, tenant: Tenant): Promise<void> {
  const { tx } = shop.test.as({ tenantId: tenant })
  const own = canary(tenant)
  for (const enabled of [true, false]) {
    await tx(async (t) => {
      const { endpoint } = await t.get(WebhookEndpoints).create(t, {
        ...{ url: `https://10.9.8.7/${own}`, description: own, enabled },
        subscriptions: { events: ['customers.unmerged'], customerEvents: [{ name: `Never ${own}` }] },
      })
      await t.repo(WebhookDelivery).insert({
        ...{ endpointId: endpoint.id, eventId: t.newId(), type: 'test', state: 'failed', lastError: own },
        payload: { type: 'test', timestamp: t.now(), data: { own } },
      })
    })
  }
}

/** Users of this tenant only, a role, an invitation, a key and a domain of their own. */
async function addMembers(shop: Shop, tenant: Tenant): Promise<void> {
  const { api, tx } = shop.test.as({ tenantId: tenant })
  const own = canary(tenant)
  const permissions = ['orders:read', 'customers:read']
  for (const key of ['clerk', 'spare'])
    await api.auth.createRole({ body: { key, name: `The ${key} ${own}`, permissions } })
  for (const role of ['super_admin', 'clerk', 'viewer', 'editor'])
    await tx(async (t) => {
      const email = role === 'viewer' ? `owner-of-${tenant}@example.com` : `${role}-${own}@example.com`
      const { id } = await t.get(Users).prove(t, { email, name: `Eva ${own}` })
      await t.get(TenantMembers).add(t, id, role)
    })
  for (const name of ['new', 'late'])
    await api.auth.createInvitation({ body: { email: `${name}-${own}@example.com`, role: 'clerk' } })
  for (const name of ['Till', 'Feed'])
    await api.auth.createApiKey({ body: { name: `${name} ${own}`, scopes: permissions } })
  for (const name of ['crm', 'shop']) await api.auth.addDomain({ body: { domain: `${name}.${own}.example` } })
}

/** Lists of the admin that everybody in the tenant sees. */
async function addViews(shop: Shop, tenant: Tenant): Promise<void> {
  const { api } = shop.test.as({ tenantId: tenant })
  const own = canary(tenant)
  for (const name of ['Active', 'New'])
    await api.admin.createSavedView({
      body: {
        panel: 'customers',
        name: `${name} ${own}`,
        query: `q=${own}`,
        columns: ['email'],
        isShared: true,
      },
    })
}

/** Consents, suppressions, and somebody who is erased. */
async function addPrivacy(shop: Shop, tenant: Tenant): Promise<void> {
  const { api } = shop.test.as({ tenantId: tenant })
  const own = canary(tenant)
  const { items } = await api.customers.list({ query: { sort: 'id', limit: 2 } })
  const gone = await api.customers.create({ body: { firstName: 'Gone', email: 'gone@example.com' } })
  for (const [n, { id }] of [...items, gone].entries()) {
    const state = n === 1 ? 'revoked' : 'granted'
    const body = { purpose: 'marketing', channel: 'email', state, textVersion: own, proof: { own } } as const
    await api.customers.recordConsent({ params: { id }, body })
  }
  for (const email of ['bounced@example.com', 'ana11@example.com'])
    await api.customers.addSuppression({ body: { email, scope: 'all', reason: own } })
  await api.customers.eraseCustomer({ params: { id: gone.id }, body: { reason: own } })
  // Jobs of an erasure wait for another thread: how many ids are used meanwhile is never certain.
  shop.ids.use(`erasing ${tenant}`)
  await shop.test.drain()
  shop.ids.use(`erased ${tenant}`)
}

/** Dead and waiting ones, with ids of its own: all jobs stand in one table. */
async function addJobs(shop: Shop, tenant: Tenant): Promise<void> {
  const words = ['one', 'two', 'three', 'four'].map((word) => ({ word: `${word} ${canary(tenant)}` }))
  const { tx } = shop.test.as({ tenantId: tenant })
  await tx((t) => t.enqueueMany(Chore, words))
  await shop.test.drain()
  await tx((t) => t.enqueueMany(Chore, words.slice(2), { runAt: '2027-01-01T00:00:00.000Z' }))
}

/** A file of customers, one of whom is refused, imported. */
async function addImport(shop: Shop, tenant: Tenant): Promise<void> {
  const { api, ctx } = shop.test.as({ tenantId: tenant })
  const own = canary(tenant)
  async function* content(): AsyncGenerator<string> {
    yield `externalId,firstName,lastName,email\nfile-1,Rui,${own},rui@example.com\nfile-2,Eva,${own},nobody\n`
  }
  const file = { name: `${own}.csv`, contentType: 'text/csv', permission: 'files:read' }
  const { id: fileId } = await ctx.get(Files).put(ctx, file, content())
  await api.customers.startImport({ body: { fileId, source: 'file' } })
  await shop.test.drain()
}

/** Files of all customers, and of a few. */
async function addExports(shop: Shop, tenant: Tenant): Promise<void> {
  const { api } = shop.test.as({ tenantId: tenant })
  for (const query of [{}, { lastName: canary(tenant) }]) {
    await api.customers.startExport({ body: { query, name: `${canary(tenant)}.csv` } })
    await shop.test.drain()
  }
}

/** What somebody did, numbered and not yet numbered. */
async function addTrail(shop: Shop, tenant: Tenant): Promise<void> {
  const actor = { kind: 'user', id: `eva-${canary(tenant)}`, permissions: new Set(['*']) } as const
  const { api, ctx, tx } = shop.test.as({ tenantId: tenant, actor })
  const own = canary(tenant)
  for (const category of [`New ${own}`, own]) {
    const { items } = await api.inventory.listProducts({ query: { sort: 'id', limit: 3 } })
    for (const { id } of items) await api.inventory.updateProduct({ params: { id }, body: { category } })
    await tx((t) => t.get(Audit).record(t, { action: 'chores.seen', details: { own } }))
    await shop.test.drain()
    shop.ids.use(`sealed by ${tenant}`)
    if (category !== own) await ctx.get(AuditTrail).seal(ctx)
  }
}

async function change(shop: Shop, tenant: Tenant, settings: string, body: object): Promise<void> {
  await answerTo(shop, tenant, { method: 'PATCH', path: `/api/v1/settings/${settings}`, body })
}

async function fillLot(shop: Shop, tenant: Tenant, lot: number): Promise<void> {
  const { api } = shop.test.as({ tenantId: tenant })
  const own = canary(tenant)
  const scale = TENANTS.indexOf(tenant) + 1
  const products: string[] = []
  for (const n of [1, 2, 3]) {
    const product = await api.inventory.createProduct({
      body: {
        name: `Mug ${n} ${own}`,
        sku: `SKU-${lot}-${n}`,
        description: own,
        price: { amount: 1000 * n * scale, currency: 'EUR' },
        category: n === 1 ? 'Kitchen' : own,
        lowStockAt: n === 3 ? 2 : null,
        source: 'old-shop',
        externalId: `product-${lot}-${n}`,
      },
    })
    products.push(product.id)
    await api.inventory.adjust({
      params: { id: product.id },
      body: { delta: 4 * n * scale, reason: 'received', note: own },
    })
  }
  const customers: string[] = []
  for (const n of [1, 2, 3, 4]) {
    const customer = await api.customers.create({
      body: {
        firstName: 'Ana',
        lastName: `Reis ${own}`,
        email: `ana${lot}${n}@example.com`,
        phone: n === 2 ? null : `+35191234${lot}67${n}`,
        country: n % 2 ? 'Portugal' : 'ES',
        locale: 'pt-PT',
        timeZone: 'Europe/Lisbon',
        acceptsMarketing: n > 2,
        traits: { plan: own, visits: n * scale },
        source: 'old-shop',
        externalId: `customer-${lot}-${n}`,
      },
    })
    customers.push(customer.id)
  }
  const states = ['pending', 'paid', 'fulfilled', 'paid', 'pending'] as const
  for (const [n, state] of states.entries()) {
    const { order } = await api.orders.create({
      body: {
        number: `${lot}00${n}`,
        customerId: n === 3 ? null : customers[n % 2]!,
        state,
        placedAt: `2026-03-${String(10 + 2 * n).padStart(2, '0')}T10:00:00Z`,
        country: own,
        lines: [
          { productId: products[n % 3]!, quantity: scale },
          { ...FEE, name: `Postage ${own}` },
        ],
      },
    })
    if (n === 1) await api.orders.refund({ params: { id: order.id }, body: { ...PART, note: own } })
    if (n === 4) await api.orders.cancel({ params: { id: order.id } })
  }
  await randomOrders(shop, tenant, { lot, customers, products })
  for (const [n, condition] of CONDITIONS(own).entries()) {
    const segment = await api.segments.create({
      body: { name: `Segment ${lot} ${n} ${own}`, description: own, condition },
    })
    await api.segments.evaluate({ params: { id: segment.id } })
  }
  await api.customers.remove({ params: { id: customers[3]! } })
  const gone = await api.segments.create({ body: { name: `Gone ${lot} ${own}`, condition: { all: [] } } })
  await api.segments.remove({ params: { id: gone.id } })
}

/** Orders of which nothing is known but the seed. */
async function randomOrders(
  shop: Shop,
  tenant: Tenant,
  {
    lot,
    customers,
    products,
  }: { readonly lot: number; readonly customers: string[]; readonly products: string[] },
): Promise<void> {
  const { api } = shop.test.as({ tenantId: tenant })
  const random = seededRandom(SEED + 10 * TENANTS.indexOf(tenant) + lot)
  const upTo = (most: number): number => 1 + Math.floor(random.number() * most)
  for (let n = 0; n < 4; n++) {
    const lines = Array.from({ length: upTo(3) }, () => ({
      productId: random.pick(products),
      quantity: upTo(9),
    }))
    await api.orders.create({
      body: {
        customerId: random.maybe(() => random.pick(customers.slice(0, 3))),
        state: random.pick(['pending', 'paid', 'fulfilled']),
        placedAt: `2026-0${upTo(3)}-${9 + upTo(9)}T${9 + upTo(9)}:00:00Z`,
        country: random.maybe(() => canary(tenant)),
        lines,
      },
    })
  }
}

const FEE = { sku: 'POST', quantity: 1, unitPrice: { amount: 250, currency: 'EUR' } }
const PART = { amount: { amount: 100, currency: 'EUR' }, reason: 'damaged' } as const

/** One over each kind of data, and one that names a text of another tenant. */
export const CONDITIONS = (own: string): Record<string, unknown>[] => [
  { all: [] },
  { type: 'attribute', field: 'country', operator: 'is', value: 'PT' },
  { not: { type: 'trait', name: 'plan', operator: 'is', value: own } },
  { type: 'metric', field: 'orderCount', operator: 'gte', value: 1 },
]
