import type { Timestamp, Tx } from '@clientele/core'
import { Customer } from '../customer/customer.entity.ts'
import type { CustomersTables } from '../customers.tables.ts'
import type { Identifier, IdentityRules } from './identity-rules.ts'

/** What an {@link IdentityBatch} asks to be done at once, because what follows builds on it. */
export interface IdentityBatchHost {
  /** Lets `mergedId` go into `survivorId`; both are in the database. */
  merge(survivorId: string, mergedId: string, reason: readonly Identifier[]): Promise<void>
  /** Writes what is pending, so that a merge finds it. */
  flush(): Promise<void>
}

interface Known {
  customerId: string
  /** False until it is in the database. */
  stored: boolean
  seenAt: Timestamp
}

/** Values that one statement names. */
const SLICE = 500

/**
 * Finds, for the events of one transaction and one after the other, whom they are about: knows who is known by what,
 * makes customers, gives them identifiers, and says which customers are one. Nothing is written before `flush`.
 */
export class IdentityBatch {
  readonly #t: Tx<CustomersTables>
  readonly #rules: IdentityRules
  readonly #host: IdentityBatchHost
  readonly #known = new Map<string, Known>()
  /** Customers made here and not yet in the database. */
  readonly #fresh = new Set<string>()
  /** Customers that went into another while the batch ran. */
  readonly #gone = new Map<string, string>()
  /** Customer → kind → how many; read when it is asked for the first time. */
  readonly #counts = new Map<string, Map<string, number>>()
  #pending: { readonly identifier: Identifier; readonly known: Known }[] = []

  constructor(t: Tx<CustomersTables>, rules: IdentityRules, host: IdentityBatchHost) {
    this.#t = t
    this.#rules = rules
    this.#host = host
  }

  /**
   * Reads who is known by these, and takes the locks of those customers.
   *
   * @param events the identifiers of each
   */
  async load(events: readonly (readonly Identifier[])[]): Promise<void> {
    const asked = events.flat().filter((one) => !this.#rules.isBlocked(one))
    const locked = new Set<string>()
    let found = await this.#read(asked)
    for (;;) {
      const owners = [...new Set(found.values())].filter((id) => !locked.has(id))
      if (owners.length === 0) break
      await this.#t.lock(Customer, owners)
      for (const id of owners) locked.add(id)
      // What was merged or erased before the locks were ours has another owner now, or none.
      found = await this.#read(asked)
    }
    for (const [key, customerId] of found) this.#known.set(key, { customerId, stored: true, seenAt: '' })
    await this.#loadByAddress(asked)
    await this.#loadCounts(events)
  }

  /** Whom an event with these identifiers is about; null when they stand for nobody. */
  async customerOf(given: readonly Identifier[], seenAt: Timestamp): Promise<string | null> {
    let identifiers = this.#usable(given)
    while (identifiers.length > 0) {
      const owners = [...new Set(identifiers.flatMap((one) => this.#ownerOf(one) ?? []))]
      if (owners.length === 0) return this.#attach(this.#makeCustomer(), identifiers, seenAt)
      const apart = owners.length === 1 ? [] : await this.#removed(owners)
      const obstacle =
        apart.length > 0
          ? identifiers.filter((one) => apart.includes(this.#ownerOf(one) ?? ''))
          : await this.#obstacle(owners, identifiers)
      if (!obstacle) {
        const customerId = owners.length === 1 ? owners[0]! : await this.#join(owners, identifiers)
        return this.#attach(customerId, identifiers, seenAt)
      }
      identifiers = identifiers.filter((one) => !obstacle.includes(one))
    }
    return null
  }

  /** The customers to be inserted, in the order they were made. */
  takeFresh(): string[] {
    const fresh = [...this.#fresh]
    this.#fresh.clear()
    return fresh
  }

  /** Identities to be inserted; the customers must be there first. */
  takePending(): {
    customerId: string
    type: string
    value: string
    firstSeenAt: Timestamp
    lastSeenAt: Timestamp
  }[] {
    // In one order for all: writers who name the same people wait for each other, and never in a circle.
    const pending = this.#pending.toSorted((a, b) => (keyOf(a.identifier) < keyOf(b.identifier) ? -1 : 1))
    this.#pending = []
    for (const { known } of pending) known.stored = true
    return pending.map(({ identifier: { type, value }, known }) => ({
      customerId: this.current(known.customerId),
      type,
      value,
      firstSeenAt: known.seenAt,
      lastSeenAt: known.seenAt,
    }))
  }

  /** The customer an id stands for by now. */
  current(customerId: string): string {
    let id = customerId
    for (let next = this.#gone.get(id); next !== undefined; next = this.#gone.get(id)) id = next
    return id
  }

  /** Believed first comes first; blocked ones and repetitions are left out. */
  #usable(given: readonly Identifier[]): Identifier[] {
    const byKey = new Map(given.map((one) => [keyOf(one), one]))
    return [...byKey.values()]
      .filter((one) => !this.#rules.isBlocked(one))
      .toSorted((a, b) => this.#rules.priorityOf(a.type) - this.#rules.priorityOf(b.type))
  }

  #ownerOf(identifier: Identifier): string | undefined {
    const known = this.#known.get(keyOf(identifier))
    return known && this.current(known.customerId)
  }

  /**
   * Why these owners cannot be one person with these identifiers, as the identifiers that must be left out; null when
   * they can. Several customers, or a further identifier, would give someone more of a kind than a person has.
   */
  async #obstacle(
    owners: readonly string[],
    identifiers: readonly Identifier[],
  ): Promise<readonly Identifier[] | null> {
    const missing = identifiers.filter((one) => this.#ownerOf(one) === undefined)
    if (owners.length === 1 && missing.length === 0) return null
    const counts = new Map<string, number>()
    const add = (type: string, by: number): void => void counts.set(type, (counts.get(type) ?? 0) + by)
    for (const owner of owners) for (const [type, count] of await this.#countsOf(owner)) add(type, count)
    for (const { type } of missing) add(type, 1)
    const full = identifiers.filter(({ type }) => (counts.get(type) ?? 0) > this.#rules.limitOf(type))
    const exceeded = [...counts].some(([type, count]) => count > this.#rules.limitOf(type))
    if (!exceeded) return null
    if (owners.length > 1) return [identifiers.at(-1)!]
    // One customer and a value too many of some kind: the better believed side stays.
    const extra = missing.find((one) => full.includes(one)) ?? missing.at(-1)!
    const leading = identifiers.filter((one) => this.#ownerOf(one) !== undefined)
    const believed = Math.min(...leading.map(({ type }) => this.#rules.priorityOf(type)))
    return this.#rules.priorityOf(extra.type) < believed ? leading : [extra]
  }

  /** Owners that were removed and cannot become one with others; where all were, all but the first. */
  async #removed(owners: readonly string[]): Promise<readonly string[]> {
    const stored = owners.filter((id) => !this.#fresh.has(id))
    if (stored.length === 0) return []
    const rows = await this.#t.db.selectFrom('customers').select('id').where('id', 'in', stored).execute()
    const visible = new Set(rows.map(({ id }) => id))
    const removed = stored.filter((id) => !visible.has(id))
    return removed.length < owners.length ? removed : removed.slice(1)
  }

  async #countsOf(customerId: string): Promise<ReadonlyMap<string, number>> {
    if (!this.#counts.has(customerId)) await this.#readCounts([customerId])
    return this.#counts.get(customerId)!
  }

  /** Of all who may get a further identifier, in one go. */
  async #loadCounts(events: readonly (readonly Identifier[])[]): Promise<void> {
    const asked = new Set<string>()
    for (const given of events) {
      const identifiers = this.#usable(given)
      const owners = identifiers.flatMap((one) => this.#ownerOf(one) ?? [])
      if (owners.length < identifiers.length) for (const owner of owners) asked.add(owner)
    }
    const ids = [...asked]
    for (let from = 0; from < ids.length; from += SLICE) await this.#readCounts(ids.slice(from, from + SLICE))
  }

  async #readCounts(customerIds: readonly string[]): Promise<void> {
    const stored = customerIds.filter((id) => !this.#fresh.has(id))
    const rows =
      stored.length === 0
        ? []
        : await this.#t.db
            .selectFrom('identities')
            .select((eb) => ['customerId', 'type', eb.fn.countAll<number>().as('count')])
            .where('customerId', 'in', stored)
            .groupBy(['customerId', 'type'])
            .execute()
    for (const id of customerIds) this.#counts.set(id, new Map())
    for (const { customerId, type, count } of rows) this.#counts.get(customerId)!.set(type, count)
    for (const { identifier, known } of this.#pending) {
      const id = this.current(known.customerId)
      if (!customerIds.includes(id)) continue
      const counts = this.#counts.get(id)!
      counts.set(identifier.type, (counts.get(identifier.type) ?? 0) + 1)
    }
  }

  #makeCustomer(): string {
    const id = this.#t.newId()
    this.#fresh.add(id)
    this.#counts.set(id, new Map())
    return id
  }

  async #attach(customerId: string, identifiers: readonly Identifier[], seenAt: Timestamp): Promise<string> {
    const free = identifiers.filter((one) => this.#ownerOf(one) === undefined)
    if (free.length === 0) return customerId
    const counts = (await this.#countsOf(customerId)) as Map<string, number>
    for (const identifier of free) {
      const count = counts.get(identifier.type) ?? 0
      // Two of a kind in one event of a new customer: the second stands for nobody yet.
      if (count >= this.#rules.limitOf(identifier.type)) continue
      counts.set(identifier.type, count + 1)
      const known: Known = { customerId, stored: false, seenAt }
      this.#known.set(keyOf(identifier), known)
      this.#pending.push({ identifier, known })
    }
    return customerId
  }

  /** Makes several customers one; the survivor is whom the best believed identifier names. */
  async #join(owners: readonly string[], identifiers: readonly Identifier[]): Promise<string> {
    const stored = owners.filter((id) => !this.#fresh.has(id))
    // What is not yet in the database gives way without a trace.
    const survivor = stored[0] ?? owners[0]!
    for (const owner of owners) {
      if (owner === survivor) continue
      if (this.#fresh.delete(owner)) this.#gone.set(owner, survivor)
    }
    const others = stored.filter((id) => id !== survivor)
    if (others.length > 0) await this.#host.flush()
    for (const merged of others) {
      await this.#host.merge(survivor, merged, identifiers)
      this.#gone.set(merged, survivor)
    }
    for (const owner of owners) this.#counts.delete(owner)
    return survivor
  }

  async #read(identifiers: readonly Identifier[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (const [type, of] of Map.groupBy(identifiers, (one) => one.type)) {
      const values = [...new Set(of.map(({ value }) => value))]
      for (let from = 0; from < values.length; from += SLICE) {
        const rows = await this.#t.db
          .selectFrom('identities')
          .select(['value', 'customerId'])
          .where('type', '=', type)
          .where('value', 'in', values.slice(from, from + SLICE))
          .execute()
        for (const { value, customerId } of rows) found.set(keyOf({ type, value }), customerId)
      }
    }
    return found
  }

  /** Customers made by hand or by an import are known by their address, though no event has named them yet. */
  async #loadByAddress(identifiers: readonly Identifier[]): Promise<void> {
    const unknown = identifiers.filter((one) => one.type === 'email' && !this.#known.has(keyOf(one)))
    const addresses = [...new Set(unknown.map(({ value }) => value))]
    if (addresses.length === 0) return
    const rows = await this.#t.db
      .selectFrom('customers')
      .select(['id', 'email'])
      .where('email', 'in', addresses)
      .orderBy('id', 'desc')
      .execute()
    if (rows.length === 0) return
    await this.#t.lock(
      Customer,
      rows.map(({ id }) => id),
    )
    // The oldest wins: it is set last.
    for (const { id, email } of rows) {
      const identifier = { type: 'email', value: email! }
      const known: Known = { customerId: id, stored: false, seenAt: this.#t.now() }
      this.#pending = this.#pending.filter((one) => keyOf(one.identifier) !== keyOf(identifier))
      this.#pending.push({ identifier, known })
      this.#known.set(keyOf(identifier), known)
    }
  }
}

function keyOf({ type, value }: Identifier): string {
  return `${type}\n${value}`
}
