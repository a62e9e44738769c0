import type { KnownPermission } from '@clientele/core'
import { ApiKeys, TenantMembers, Passwords, Roles, User, Users } from '@clientele/plugin-auth'
import type { Shop } from '../isolation/shop.ts'

/** Somebody who calls the API, with a real credential. */
export interface Caller {
  readonly name: string
  /** Null for nobody. */
  readonly authorization: string | null
  /** The authenticator that knows the credential. */
  readonly scheme: 'accessToken' | 'api-key' | null
  /** What they hold in the tenant, worked out from the declarations alone. */
  readonly holds: (permission: KnownPermission) => boolean
  readonly isOperator?: true
  /** Has no role in any tenant. */
  readonly isStranger?: true
}

export const TENANT = 'tenant-a'

const PASSWORD = 'correct horse battery'
const OWN = ['orders:read', 'files:read']
const SCOPES = ['customers:read', 'customers:write']

const HOLDS: Readonly<Record<string, Caller['holds']>> = {
  super_admin: ({ platform }) => !platform,
  admin: ({ roles }) => roles?.includes('admin') ?? false,
  editor: ({ roles }) => roles?.includes('editor') ?? false,
  viewer: ({ roles }) => roles?.includes('viewer') ?? false,
  cashier: ({ key }) => OWN.includes(key),
}

/** One caller for each role, one without any, a key, an operator and nobody; each signs in as people do. */
export async function signInAll(shop: Shop): Promise<readonly Caller[]> {
  const { ctx, tx } = shop.test.as({ tenantId: TENANT })
  const passwordHash = await ctx.get(Passwords).hash(ctx, PASSWORD)
  await tx((t) => t.get(Roles).create(t, { key: 'cashier', name: 'Cashier', permissions: OWN }))
  const callers: Caller[] = [{ name: 'nobody', authorization: null, scheme: null, holds: () => false }]
  for (const [role, holds] of Object.entries(HOLDS)) {
    const email = `${role}@example.com`
    await tx(async (t) => {
      const { id } = await t.get(Users).prove(t, { email, passwordHash })
      await t.get(TenantMembers).add(t, id, role)
    })
    callers.push({ name: role, authorization: await signIn(shop, email), scheme: 'accessToken', holds })
  }
  callers.push(await stranger(shop, passwordHash), await key(shop), await operator(shop, passwordHash))
  return callers
}

async function signIn(shop: Shop, email: string): Promise<string> {
  const body = { email, password: PASSWORD }
  const { json } = await shop.test.fetch('/api/auth/token', { as: null, method: 'POST', body })
  return `Bearer ${json.accessToken}`
}

async function stranger(shop: Shop, passwordHash: string): Promise<Caller> {
  const email = 'stranger@example.com'
  await shop.test.as({ tenantId: TENANT }).tx((t) => t.get(Users).prove(t, { email, passwordHash }))
  const authorization = await signIn(shop, email)
  return { name: 'a stranger', authorization, scheme: 'accessToken', holds: () => false, isStranger: true }
}

async function key(shop: Shop): Promise<Caller> {
  const { tx } = shop.test.as({ tenantId: TENANT })
  const made = await tx((t) => t.get(ApiKeys).create(t, { name: 'a key', scopes: SCOPES }))
  const authorization = `Bearer ${made.key}`
  return { name: 'a key', authorization, scheme: 'api-key', holds: (one) => SCOPES.includes(one.key) }
}

async function operator(shop: Shop, passwordHash: string): Promise<Caller> {
  const email = 'operator@example.com'
  await shop.test.as({ tenantId: TENANT }).tx(async (t) => {
    const { id } = await t.get(Users).prove(t, { email, passwordHash })
    await t.repo(User).patch(id, { isOperator: true })
  })
  const authorization = await signIn(shop, email)
  return { name: 'an operator', authorization, scheme: 'accessToken', holds: () => true, isOperator: true }
}
