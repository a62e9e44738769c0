import { answerTo } from './call.ts'
import type { Shop } from './shop.ts'
import { TENANTS, type Tenant } from './tenants.ts'

// `any`: rows of all kinds.
type Row = any

/** What the tenants have, as their own lists tell. */
export interface Rows {
  /** All rows of a collection such as `customers`. */
  of(tenant: Tenant, collection: string): readonly Row[]
  /** Ids in a collection that the tenant does not have: two of each other tenant. */
  foreignIds(tenant: Tenant, collection: string): readonly string[]
}

const COLLECTIONS = [
  ...['customers', 'products', 'orders', 'segments', 'jobs', 'files', 'imports', 'exports'],
  ...[
    'events',
    'event-definitions',
    'trait-definitions',
    'identities',
    'merges',
    'rejected-events',
    'sources',
    'consents',
    'suppressions',
    'erasures',
    'customer-notes',
    'webhook-endpoints',
    'webhook-deliveries',
  ],
]

/** Those of the tenant's own administration; the roles of every tenant have no ids. */
const ADMINISTRATION: Readonly<Record<string, string>> = {
  users: 'items',
  invitations: 'items',
  'api-keys': 'items',
  roles: 'roles',
  domains: 'domains',
  'saved-views': 'items',
}

export async function readRows(shop: Shop): Promise<Rows> {
  const known = new Map<string, readonly Row[]>()
  for (const tenant of TENANTS) {
    for (const collection of COLLECTIONS) {
      const { json } = await answerTo(shop, tenant, {
        method: 'GET',
        path: `/api/v1/${collection}?limit=200&sort=id`,
      })
      known.set(`${tenant} ${collection}`, json.items)
    }
    for (const [collection, field] of Object.entries(ADMINISTRATION)) {
      const path = `/api/v1/admin/${collection}`
      const { json } = await answerTo(shop, tenant, { method: 'GET', path })
      known.set(
        `${tenant} ${collection}`,
        json[field].filter(({ id }: Row) => id !== null),
      )
    }
    // There is one for every change: the oldest and the newest are enough.
    const entries = await answerTo(shop, tenant, { method: 'GET', path: '/api/v1/audit?limit=200&sort=id' })
    const { items } = entries.json
    known.set(`${tenant} audit`, [...items.slice(0, 4), ...items.slice(-4)])
  }
  const of: Rows['of'] = (tenant, collection) => {
    const rows = known.get(`${tenant} ${collection}`)
    if (rows) return rows
    throw new Error(`No collection "${collection}": say in tools/isolation what its paths name`)
  }
  return {
    of,
    foreignIds(tenant, collection) {
      const own = new Set(of(tenant, collection).map((row) => row.id))
      return TENANTS.filter((one) => one !== tenant).flatMap((one) => {
        const ids = of(one, collection).map((row): string => row.id)
        return ids.filter((id) => !own.has(id)).slice(0, 2)
      })
    },
  }
}

/** The value of a field, `metrics.totalSpend` or one of a row within the item. */
export function fieldOf(row: Row, field: string): string | number | boolean | undefined {
  for (const one of [row, ...Object.values(row ?? {})]) {
    const value = field.split('.').reduce((part, name) => part?.[name], one)
    if (value !== undefined && value !== null) return value.amount ?? value
  }
  return undefined
}
