import { touchFacts } from '@clientele/conditions'
import { Keys, onChange, type ChangeSubscriber, type Ctx, type Tx } from '@clientele/core'
import { Customer } from '../customer/customer.entity.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { normalEmail, normalPhone } from '../ingest/normal-contact.ts'
import { Suppression, type SuppressionRow, type SuppressionScope } from './suppression.entity.ts'

type Kind = SuppressionRow['kind']

/** An address as the list knows it. */
export interface NormalAddress {
  readonly kind: Kind
  /** In lower case, or in E.164. */
  readonly text: string
}

/** Customers' addresses and the list change one after the other: writers of addresses share it. */
const LOCK = 'customers.suppressions'

/** Customers asked for in one statement. */
const SLICE = 500

/** An address under every key of the ring, the first first. */
export function hashesOf(ctx: Ctx, { kind, text }: NormalAddress): readonly [string, ...string[]] {
  return ctx.get(Keys).hashes(ctx, 'customers.suppression', `${kind}:${text}`)
}

/**
 * Changes the list about an address, and what it says of the customers who have it. No customer gets or loses the
 * address meanwhile.
 */
export async function changeSuppression<T>(
  t: Tx<CustomersTables>,
  address: NormalAddress,
  change: () => Promise<T>,
): Promise<T> {
  await t.lock(Customer, await customersAt(t, address))
  await t.lockName(LOCK)
  const changed = await change()
  const ids = await customersAt(t, address)
  await t.lock(Customer, ids)
  for (let from = 0; from < ids.length; from += SLICE) await refresh(t, ids.slice(from, from + SLICE))
  return changed
}

/** Takes an address off the list whose text nobody knows any more. @throws `entity.not_found` */
export async function removeSuppression(t: Tx<CustomersTables>, id: string): Promise<void> {
  const about = (): Promise<readonly Pick<Listed, 'customerId' | 'kind'>[]> =>
    t.db
      .selectFrom('customerSuppressions')
      .select(['customerId', 'kind'])
      .where('suppressionId', '=', id)
      .execute()
  const lock = (rows: readonly Pick<Listed, 'customerId'>[]): Promise<void> =>
    t.lock(
      Customer,
      rows.map(({ customerId }) => customerId),
    )
  await lock(await about())
  await t.lockName(LOCK)
  const rows = await about()
  await lock(rows)
  await t.repo(Suppression).remove(id)
  for (const { customerId, kind } of rows) touchFacts(t, [customerId], [`suppressions.${kind}`])
}

/** Who gets another address may have one that is on the list. */
export const suppressedAddresses: ChangeSubscriber = onChange(
  Customer,
  'customers.suppressed',
  async (changes, t: Tx<CustomersTables>) => {
    const ids = changes.flatMap(({ kind, id, columns, after }) => {
      if (kind === 'insert') return after?.email || after?.phone ? [id] : []
      return kind === 'patch' && columns.some((column) => column === 'email' || column === 'phone')
        ? [id]
        : []
    })
    if (ids.length === 0) return
    await t.lockName(LOCK, 'shared')
    const listed = await t.db.selectFrom('suppressions').select('id').limit(1).executeTakeFirst()
    if (!listed) return
    for (let from = 0; from < ids.length; from += SLICE) await refresh(t, ids.slice(from, from + SLICE))
  },
)

/** Removed customers too: they may return. */
async function customersAt(t: Tx<CustomersTables>, { kind, text }: NormalAddress): Promise<string[]> {
  const rows = await t.dbWithRemoved
    .selectFrom('customers')
    .select('id')
    .where(kind, '=', text)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

interface Listed {
  readonly customerId: string
  readonly suppressionId: string
  readonly kind: Kind
  readonly scope: SuppressionScope
}

async function refresh(t: Tx<CustomersTables>, ids: readonly string[]): Promise<void> {
  const wanted = await listedOf(t, ids)
  const known = await t.db
    .selectFrom('customerSuppressions')
    .select(['id', 'customerId', 'suppressionId', 'kind', 'scope'])
    .where('customerId', 'in', ids)
    .execute()
  const isSame = (a: Listed) => (b: Listed) =>
    a.customerId === b.customerId &&
    a.suppressionId === b.suppressionId &&
    a.kind === b.kind &&
    a.scope === b.scope
  const gone = known.filter((one) => !wanted.some(isSame(one)))
  const fresh = wanted.filter((one) => !known.some(isSame(one)))
  if (gone.length + fresh.length === 0) return
  await t.projection('which customers the list of suppressions is about', async (db) => {
    const now = t.now()
    const stamp = { version: 1, createdAt: now, updatedAt: now }
    const goneIds = gone.map(({ id }) => id)
    if (gone.length > 0) await db.deleteFrom('customerSuppressions').where('id', 'in', goneIds).execute()
    if (fresh.length === 0) return
    const rows = fresh.map((one) => ({ id: t.newId(), ...stamp, ...one }))
    await db.insertInto('customerSuppressions').values(rows).execute()
  })
  for (const { customerId, kind } of [...gone, ...fresh])
    touchFacts(t, [customerId], [`suppressions.${kind}`])
}

async function listedOf(t: Tx<CustomersTables>, ids: readonly string[]): Promise<readonly Listed[]> {
  const customers = await t.dbWithRemoved
    .selectFrom('customers')
    .select(['id', 'email', 'phone'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  const hashed = customers.flatMap(({ id, email, phone }) =>
    addressesOf(email, phone).map((address) => ({
      ...{ customerId: id, kind: address.kind },
      hashes: hashesOf(t, address),
    })),
  )
  if (hashed.length === 0) return []
  const rows = await t.db
    .selectFrom('suppressions')
    .select(['id', 'hash', 'scope'])
    .where((eb) =>
      t.sql.anyOf(
        eb.ref('hash'),
        'text',
        hashed.flatMap(({ hashes }) => hashes),
      ),
    )
    .execute()
  const byHash = new Map(rows.map((row) => [row.hash, row]))
  return hashed.flatMap(({ customerId, kind, hashes }) => {
    const found = hashes.map((hash) => byHash.get(hash)).filter((row) => row !== undefined)
    const widest = found.find(({ scope }) => scope === 'all') ?? found[0]
    return widest ? [{ customerId, kind, suppressionId: widest.id, scope: widest.scope }] : []
  })
}

function addressesOf(email: string | null, phone: string | null): readonly NormalAddress[] {
  const [mail, number] = [normalEmail(email), normalPhone(phone)]
  return [
    ...(mail === null ? [] : [{ kind: 'email', text: mail } as const]),
    ...(number === null ? [] : [{ kind: 'phone', text: number } as const]),
  ]
}
