import type { Call } from './call.ts'
import type { Operation } from './operations.ts'
import { pathsOf } from './reads.ts'
import type { Rows } from './rows.ts'
import { sampleOf } from './sample.ts'
import { canary, CONDITIONS, TENANTS, type Tenant } from './tenants.ts'
import { writeKeyOf } from './write-keys.ts'

/** Take every other row only, so that the routes after them find orders and jobs in the states they need. */
const SPARING: ReadonlySet<string> = new Set([
  'customers.eraseCustomer',
  'orders.pay',
  'orders.fulfil',
  'core.retryJob',
])

interface Body {
  readonly body: unknown
  /** The body names rows that only another tenant has. */
  readonly foreign?: true
}

/** Every way to call a route that writes (or answers a body), for own ids and for those of others. */
export function writesOf(operation: Operation, tenant: Tenant, rows: Rows): readonly Call[] {
  const { route, method } = operation
  const paths = pathsOf(operation, tenant, rows).filter((_, n) => n % 2 === 0 || !SPARING.has(route))
  return paths.flatMap(({ path, names }) =>
    bodiesOf(operation, tenant, rows, path).map(({ body, foreign }): Call => {
      const kind = names === 'foreign-id' ? names : foreign ? 'foreign-reference' : 'any'
      return { route, method, path, names: kind, ...(body === undefined ? {} : { body }) }
    }),
  )
}

function bodiesOf(operation: Operation, tenant: Tenant, rows: Rows, path: string): readonly Body[] {
  const { body, method, route } = operation
  if (body === undefined) return [{ body }]
  const hand = HAND_MADE[route] ?? handMadeByName(route)
  if (hand) return hand(tenant, rows, path)
  const word = `${canary(tenant)}-${path.replaceAll('/', '-').slice(-36)}`
  const generated = { ...(sampleOf(body, word) as object), id: undefined }
  if (method !== 'POST') return [{ body: generated }]
  // The second is refused, by one key only: databases differ in which of several they name.
  const second = { ...generated, ...('sku' in generated ? { sku: 'sku-2' } : {}) }
  return [{ body: generated }, { body: second }]
}

/** Creates rows under ids that another tenant has: nobody may learn from it that they are taken elsewhere. */
export function takenIds(
  { route, method, path, body }: Operation,
  tenant: Tenant,
  rows: Rows,
): readonly Call[] {
  if (method !== 'POST' || !Object.hasOwn(body?.properties ?? {}, 'id')) return []
  const id = rows.foreignIds(tenant, path.split('/').at(-1)!)[0]!
  const values = {
    ...(sampleOf(body, canary(tenant), 'taken') as object),
    id,
    sku: 'taken',
    externalId: 'taken',
  }
  const wanted = Object.fromEntries(
    Object.entries(values).filter(([name]) => Object.hasOwn(body.properties, name)),
  )
  return [
    { route, method, path, body: wanted, names: 'own' },
    { route, method: 'GET', path: `${path}/${id}`, names: 'own' },
  ]
}

/** Routes that every entity has. */
function handMadeByName(
  route: string,
): ((tenant: Tenant, rows: Rows, path: string) => readonly Body[]) | undefined {
  if (/\.(?:preview|start)Import$/.test(route)) return importBodies
  if (EVENT_ROUTE.test(route)) return eventBodies
  return route.endsWith('.startExport') ? exportBodies : undefined
}

/** Those that clients send to, with a write key in the body. */
const EVENT_ROUTE =
  /^customers\.(?:batch|batchShort|(?:jitsu|jitsuServer)?(?:identify|track|page|screen|group|alias)(?:Short)?)$/i

function eventBodies(tenant: Tenant, _rows: Rows, path: string): readonly Body[] {
  const own = canary(tenant)
  const writeKey = writeKeyOf(tenant)
  // The same ids in every tenant: nobody may find another's customer, or be told that an event is known.
  const event = {
    ...{
      anonymousId: 'walker',
      userId: 'walker',
      previousId: 'walker-before',
      groupId: own,
      messageId: path,
    },
    ...{
      event: 'Walked',
      name: own,
      properties: { own },
      traits: { own },
      timestamp: '2026-03-19T10:00:00.000Z',
    },
  }
  if (!/\/v1\/b(?:atch)?$/.test(path)) return [{ body: { ...event, writeKey } }]
  const batch = [
    { ...event, type: 'track', messageId: `${path}-1` },
    { ...event, type: 'nothing', own },
  ]
  return [{ body: { batch, writeKey } }]
}

function exportBodies(tenant: Tenant): readonly Body[] {
  const name = `${canary(tenant)}.csv`
  return [{ body: { name } }, { body: { query: { sort: '-id' }, columns: ['id'], bom: true } }]
}

/** A file of customers fits no other entity: that is told, and nothing of a stranger's file. */
function importBodies(tenant: Tenant, rows: Rows): readonly Body[] {
  const files = rows.of(tenant, 'files').filter(({ name }) => name === `${canary(tenant)}.csv`)
  return [
    ...files.map(({ id }) => ({ body: { fileId: id } })),
    ...rows.foreignIds(tenant, 'files').map((fileId) => ({ body: { fileId }, foreign: true as const })),
  ]
}

type HandMade = (tenant: Tenant, rows: Rows, path: string) => readonly Body[]

const HAND_MADE: Readonly<Record<string, HandMade>> = {
  'core.updateSettings': (tenant, _rows, path) => [
    { body: path.endsWith('inventory') ? { lowStockAt: 4 } : { name: `New ${canary(tenant)}` } },
  ],
  'customers.bulk': (tenant, rows) =>
    bulkBodies(tenant, rows, 'customers', { firstName: `Bulk ${canary(tenant)}` }),
  'inventory.bulkProducts': (tenant, rows) => {
    const price = { amount: 100, currency: 'EUR' }
    return bulkBodies(tenant, rows, 'products', { name: `Bulk ${canary(tenant)}`, sku: 'BULK', price })
  },
  'customers.mergeCustomer': (tenant, rows) => [
    { body: { mergedId: rows.of(tenant, 'customers').at(-1).id } },
    { body: { mergedId: rows.foreignIds(tenant, 'customers')[0] }, foreign: true },
  ],
  'customers.changeTagsOfMany': (tenant, rows) => {
    const [one] = rows.of(tenant, 'customers')
    const [stranger] = rows.foreignIds(tenant, 'customers')
    return [
      { body: { customerIds: [one.id], add: [`many ${canary(tenant)}`], remove: ['vip'] } },
      { body: { customerIds: [one.id, stranger], add: ['never'] }, foreign: true },
    ]
  },
  // Of what stood there before the walk: how many entries a job writes is no matter of what its file holds.
  'audit.startExport': (tenant) => [
    {
      body: { query: { actorId: `eva-${canary(tenant)}` }, columns: ['at', 'actorId', 'action', 'details'] },
    },
  ],
  'auth.createRole': (tenant) => [
    { body: { key: 'keeper', name: `Keeper ${canary(tenant)}`, permissions: ['orders:read'] } },
    { body: { key: 'clerk', name: canary(tenant), permissions: [] } },
  ],
  'auth.updateRole': (tenant) => [
    { body: { name: `Renamed ${canary(tenant)}`, permissions: ['orders:read'] } },
  ],
  'auth.updateUser': (tenant) => [{ body: { active: true, name: `Renamed ${canary(tenant)}` } }],
  'auth.setUserRole': () => [{ body: { role: 'editor' } }, { body: { role: 'super_admin' } }],
  'auth.createInvitation': (tenant) => [
    { body: { email: `asked-${canary(tenant)}@example.com`, role: 'clerk' } },
    // Each has an account, and works in one tenant: in the others they are asked like anybody.
    ...TENANTS.map((one) => ({ body: { email: `owner-of-${one}@example.com`, role: 'viewer' } })),
  ],
  'auth.createApiKey': (tenant) => [{ body: { name: `New ${canary(tenant)}`, scopes: ['orders:read'] } }],
  'auth.addDomain': (tenant) => [
    { body: { domain: `new.${canary(tenant)}.example` } },
    // Another tenant wants it too; that shows to nobody before it is proved.
    { body: { domain: 'crm.wanted-by-all.example' } },
  ],
  'webhooks.create': (tenant) => webhookBodies(tenant),
  'webhooks.update': (tenant) => webhookBodies(tenant),
  'customers.replayRejectedEvent': (tenant) => [
    { body: {} },
    { body: { event: { type: 'track', event: `Mended ${canary(tenant)}`, userId: 'mended' } } },
  ],
  'customers.recordConsent': (tenant) => [
    { body: { purpose: 'marketing', channel: 'sms', state: 'granted', textVersion: canary(tenant) } },
    { body: { purpose: 'marketing', state: 'revoked', via: canary(tenant) } },
  ],
  'customers.addSuppression': (tenant) => [
    { body: { email: 'new@example.com', reason: canary(tenant) } },
    { body: { phone: '+5511987654321', scope: 'all', reason: canary(tenant) } },
  ],
  'customers.checkSuppression': () => [
    { body: { email: 'bounced@example.com' } },
    { body: { phone: '+5511987654321' } },
  ],
  'customers.eraseCustomer': (tenant) => [{ body: { reason: canary(tenant) } }],
  'customers.replayErasures': (tenant, rows) => [
    { body: {} },
    { body: { customerIds: rows.foreignIds(tenant, 'customers') } },
  ],
  'inventory.adjust': (tenant) => [{ body: { delta: -1, reason: 'damaged', note: canary(tenant) } }],
  'orders.create': (tenant, rows) => {
    const line = {
      sku: 'POST',
      name: canary(tenant),
      quantity: 1,
      unitPrice: { amount: 100, currency: 'EUR' },
    }
    const [customer, product] = [rows.of(tenant, 'customers')[0], rows.of(tenant, 'products')[0]]
    const [strangers, theirs] = [rows.foreignIds(tenant, 'customers'), rows.foreignIds(tenant, 'products')]
    return [
      { body: { customerId: customer.id, state: 'paid', lines: [{ productId: product.id, quantity: 2 }] } },
      { body: { lines: [line] } },
      { body: { number: rows.of(tenant, 'orders')[0].number, lines: [line] } },
      { body: { customerId: strangers[0], lines: [line] }, foreign: true },
      { body: { customerId: strangers.at(-1), state: 'paid', lines: [line] }, foreign: true },
      { body: { lines: [{ productId: theirs[0], quantity: 1 }] }, foreign: true },
      { body: { lines: [{ ...line, productId: theirs.at(-1) }] }, foreign: true },
    ]
  },
  'orders.refund': (tenant) => [
    { body: { amount: { amount: 50, currency: 'EUR' }, note: canary(tenant) } },
    { body: {} },
  ],
  'segments.create': (tenant) =>
    CONDITIONS(canary(tenant)).map((condition, n) => ({
      body: { name: `New ${n} ${canary(tenant)}`, condition },
    })),
  'segments.update': (tenant, _rows, path) => [
    { body: { name: `Changed ${path.slice(-20)}`, condition: { all: [] }, description: canary(tenant) } },
    { body: { name: `Segment 1 1 ${canary(tenant)}` } },
  ],
  'segments.overlap': (tenant, rows) => {
    const [first, second, third] = rows.of(tenant, 'segments')
    const [stranger] = rows.foreignIds(tenant, 'segments')
    return [
      { body: { segmentIds: [first.id, second.id, third.id] } },
      { body: { segmentIds: [first.id, stranger] }, foreign: true },
    ]
  },
  'segments.setPin': (tenant) => [
    { body: { mode: 'exclude', reason: canary(tenant), expiresAt: null } },
    { body: { mode: 'include', reason: canary(tenant) } },
  ],
  'segments.explainCondition': (tenant, rows) =>
    rows
      .of(tenant, 'customers')
      .slice(0, 2)
      .map(({ id }) => ({
        body: {
          condition: {
            type: 'attribute',
            field: 'lastName',
            operator: 'is',
            value: `Reis ${canary(tenant)}`,
          },
          customerId: id,
        },
      })),
  'segments.preview': (tenant) =>
    [
      ...TENANTS.flatMap((one) => CONDITIONS(canary(one))),
      ...TENANTS.map((one) => ({
        type: 'attribute',
        field: 'lastName',
        operator: 'is',
        value: `Reis ${canary(one)}`,
      })),
      { all: [{ type: 'metric', field: 'totalSpend', operator: 'gte', value: 0 }, { not: { any: [] } }] },
    ].flatMap((condition) => [
      { body: { condition } },
      { body: { condition, sampleSize: 100, key: canary(tenant) } },
    ]),
}

function webhookBodies(tenant: Tenant): readonly Body[] {
  const subscriptions = { events: ['customers.unmerged'], customerEvents: [] }
  return [{ body: { url: `https://10.9.8.7/new/${canary(tenant)}`, subscriptions } }]
}

/** Own rows and those that only others have, alone and as a whole that is undone because of them. */
function bulkBodies(tenant: Tenant, rows: Rows, collection: string, values: object): readonly Body[] {
  const [own] = rows.of(tenant, collection)
  const [stranger, other = stranger] = rows.foreignIds(tenant, collection)
  const { sku: _, ...changes } = values as { readonly sku?: string }
  const foreign = [
    { op: 'update', id: stranger, values: changes },
    { op: 'remove', id: other },
  ]
  const mine = [
    { op: 'create', values },
    { op: 'update', id: own.id, values: changes },
    { op: 'update', id: own.id, values: changes, version: 1 },
  ]
  return [
    { body: { operations: [...mine, ...foreign] } },
    { body: { operations: [...foreign, ...mine], atomic: true } },
  ]
}
