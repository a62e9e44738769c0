import { defineService, type Ctx, type Tx } from '@clientele/core'
import { customersErrors } from '../customers.errors.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { normalEmail, normalPhone } from '../ingest/normal-contact.ts'
import { changeSuppression, hashesOf, removeSuppression, type NormalAddress } from './suppressed-customers.ts'
import { Suppression, type SuppressionRow, type SuppressionScope } from './suppression.entity.ts'

/** An e-mail address, or a telephone number with its country: `+5511987654321`. */
export type Address = { readonly email: string } | { readonly phone: string }

/** Why nobody may write to an address. */
export interface SuppressionCause {
  /** `all`: nothing at all. `marketing`: no marketing. */
  readonly scope: SuppressionScope
  /** Lower-case: `unsubscribed`, `bounce`, `complaint`, `manual`. */
  readonly reason: string
}

/** Addresses and numbers that must not be written to, kept as keyed hashes. */
export interface SuppressionsService {
  /**
   * Adds an address. One that is there keeps the wider scope, with its reason.
   * @throws `customers.invalid_address`
   */
  add(t: Tx, address: Address, cause: SuppressionCause): Promise<SuppressionRow>
  /** Takes an address off; false when it was not there. @throws `customers.invalid_address` */
  remove(t: Tx, address: Address): Promise<boolean>
  /** Takes an address off that only its row stands for. @throws `entity.not_found` */
  removeById(t: Tx, id: string): Promise<void>
  /** What is known of an address, or null. @throws `customers.invalid_address` */
  find(ctx: Ctx, address: Address): Promise<SuppressionRow | null>
  /**
   * Whether an address must not get a message: of `marketing`, or `all` for one that is none. What is no address is
   * suppressed: nothing can be sent there. Ask at hand-off.
   */
  isSuppressed(ctx: Ctx, use: Address & { readonly scope: SuppressionScope }): Promise<boolean>
}

export const Suppressions = defineService<SuppressionsService>('customers.suppressions')

export function createSuppressionsService(): SuppressionsService {
  return {
    add,
    remove,
    removeById: removeSuppression,
    find: (ctx, address) => lookUp(ctx, required(ctx, address)),
    isSuppressed,
  }
}

async function add(t: Tx, address: Address, { scope, reason }: SuppressionCause): Promise<SuppressionRow> {
  const asked = required(t, address)
  return changeSuppression(t, asked, () => put(t, asked, { scope, reason }))
}

async function put(
  t: Tx,
  { kind, hashes }: Hashed,
  { scope, reason }: SuppressionCause,
): Promise<SuppressionRow> {
  const known = await lookUp(t, { hashes })
  const [hash] = hashes
  if (!known) return t.repo(Suppression).insert({ kind, hash, scope, reason, at: t.now() })
  const isWider = scope === 'all' && known.scope === 'marketing'
  // Under the first key again: what is met moves on from keys that are on their way out.
  const changes = {
    ...(known.hash === hash ? {} : { hash }),
    ...(isWider ? { scope, reason, at: t.now() } : {}),
  }
  return Object.keys(changes).length > 0 ? t.repo(Suppression).patch(known.id, changes) : known
}

async function remove(t: Tx, address: Address): Promise<boolean> {
  const asked = required(t, address)
  return changeSuppression(t, asked, async () => {
    const known = await lookUp(t, asked)
    if (known) await t.repo(Suppression).remove(known.id)
    return known !== null
  })
}

async function isSuppressed(ctx: Ctx, use: Address & { readonly scope: SuppressionScope }): Promise<boolean> {
  const hashed = hashedOf(ctx, use)
  if (!hashed) return true
  const known = await lookUp(ctx, hashed)
  return known !== null && (use.scope === 'marketing' || known.scope === 'all')
}

interface Hashed extends NormalAddress {
  /** Under the first key of the ring, then under the others. */
  readonly hashes: readonly [string, ...string[]]
}

async function lookUp(
  ctx: Ctx<CustomersTables>,
  { hashes }: Pick<Hashed, 'hashes'>,
): Promise<SuppressionRow | null> {
  const found = await ctx.db
    .selectFrom('suppressions')
    .select('id')
    .where('hash', 'in', hashes)
    .orderBy('scope')
    .limit(1)
    .executeTakeFirst()
  return found ? ctx.repo(Suppression).find(found.id) : null
}

function hashedOf(ctx: Ctx, address: Address): Hashed | null {
  const kind = 'email' in address ? 'email' : 'phone'
  const text = 'email' in address ? normalEmail(address.email) : normalPhone(address.phone)
  return text === null ? null : { kind, text, hashes: hashesOf(ctx, { kind, text }) }
}

function required(ctx: Ctx, address: Address): Hashed {
  const hashed = hashedOf(ctx, address)
  if (!hashed) throw customersErrors['customers.invalid_address']({})
  return hashed
}
