import { lostRace, type Timestamp, type Tx } from '@clientele/core'
import { touchWhenHappened } from '../condition/future-events.ts'
import { touchBatch } from '../condition/touched-facts.ts'
import { Customer, type CustomerChanges, type CustomerRow } from '../customer/customer.entity.ts'
import type { ReadPhone } from '../customer/phone.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { CustomerEventSubscribers } from '../event/event-subscribers.ts'
import { CustomerEvent } from '../event/event.entity.ts'
import { IdentityBatch } from '../identity/identity-batch.ts'
import { Identity } from '../identity/identity.entity.ts'
import type { Identifier, IdentityRules } from '../identity/identity-rules.ts'
import type { Message, MessageOutcome } from './message.ts'
import { phonesOf } from './phones.ts'
import { profileChanges, targetsOf, type Said } from './profile.ts'
import { registerNames } from './register-names.ts'
import { saidLater } from './said-later.ts'

/** What a batch needs of the rest of the plugin. */
export interface EventBatchHost {
  readonly rules: IdentityRules
  merge(t: Tx, survivorId: string, mergedId: string, reason: readonly Identifier[]): Promise<void>
}

/** Where a batch came from. */
export interface EventOrigin {
  readonly sourceId: string | null
  readonly receivedAt: Timestamp
}

interface Pending {
  readonly id: string
  readonly customerId: string
  readonly message: Message
}

interface Activity {
  first: Timestamp
  last: Timestamp
  count: number
}

/**
 * Takes messages in one transaction and in their order: each once, for the right customer, who is made, merged and
 * changed as the messages say; counts what was seen of whom.
 */
export async function appendMessages(
  t: Tx<CustomersTables>,
  messages: readonly Message[],
  host: EventBatchHost,
  origin: EventOrigin,
): Promise<MessageOutcome[]> {
  return new EventBatch(t, host, origin).append(messages)
}

class EventBatch {
  readonly #t: Tx<CustomersTables>
  readonly #origin: EventOrigin
  readonly #identities: IdentityBatch
  #events: Pending[] = []
  /** What customers were said to be, in the order it came. */
  readonly #traits = new Map<string, Said[]>()

  constructor(t: Tx<CustomersTables>, host: EventBatchHost, origin: EventOrigin) {
    this.#t = t
    this.#origin = origin
    this.#identities = new IdentityBatch(t, host.rules, {
      flush: () => this.#flush(),
      merge: (survivorId, mergedId, reason) => host.merge(t, survivorId, mergedId, reason),
    })
  }

  async append(messages: readonly Message[]): Promise<MessageOutcome[]> {
    const seen = await this.#alreadyThere(messages)
    const fresh = messages.filter(({ messageId }) => !seen.has(messageId))
    await this.#t.lock(
      Customer,
      fresh.flatMap(({ customerId }) => customerId ?? []),
    )
    await this.#identities.load(fresh.map(({ identifiers }) => identifiers))
    const outcomes: MessageOutcome[] = []
    for (const message of messages) {
      outcomes.push(seen.has(message.messageId) ? { kind: 'duplicate' } : await this.#take(message))
      if (outcomes.at(-1)!.kind !== 'nobody') seen.add(message.messageId)
    }
    await this.#flush()
    // A customer met early may have become another by the end.
    const final = outcomes.map((one) =>
      one.kind === 'accepted' ? { ...one, customerId: this.#identities.current(one.customerId) } : one,
    )
    await this.#tell(messages, final)
    return final
  }

  async #tell(messages: readonly Message[], outcomes: readonly MessageOutcome[]): Promise<void> {
    if (this.#t.origin !== 'live') return
    const subscribers = this.#t.extensions(CustomerEventSubscribers)
    if (subscribers.length === 0) return
    const appended = outcomes.flatMap((one, i) =>
      one.kind === 'accepted'
        ? [{ eventId: one.eventId, customerId: one.customerId, message: messages[i]! }]
        : [],
    )
    if (appended.length === 0) return
    for (const subscriber of subscribers) await subscriber.appended(this.#t, appended)
  }

  async #take(message: Message): Promise<MessageOutcome> {
    const customerId =
      message.customerId ?? (await this.#identities.customerOf(message.identifiers, message.occurredAt))
    if (customerId === null) return { kind: 'nobody' }
    const id = this.#t.newId()
    this.#events.push({ id, customerId, message })
    if (Object.keys(message.traits).length > 0) {
      const known = this.#traits.get(customerId)
      if (known) known.push(message)
      else this.#traits.set(customerId, [message])
    }
    return { kind: 'accepted', eventId: id, customerId }
  }

  async #alreadyThere(messages: readonly Message[]): Promise<Set<string>> {
    const rows = await this.#t.db
      .selectFrom('events')
      .select('messageId')
      .where((eb) =>
        this.#t.sql.anyOf(
          eb.ref('messageId'),
          'text',
          messages.map(({ messageId }) => messageId),
        ),
      )
      .execute()
    return new Set(rows.map(({ messageId }) => messageId))
  }

  /** Customers, then what hangs on them. */
  async #flush(): Promise<void> {
    const traits = this.#takeTraits()
    const said = [...traits.values()].flat()
    const readPhone = await phonesOf(
      this.#t,
      said.map((one) => one.traits),
    )
    const fresh = this.#identities.takeFresh()
    const events = this.#events
    this.#events = []
    const pending = this.#identities.takePending()
    try {
      if (fresh.length > 0) {
        const news = fresh.map((id) => ({ ...appliedTraits({}, traits.get(id), readPhone), id }))
        await this.#t.repo(Customer).insertMany(news)
        for (const id of fresh) traits.delete(id)
      }
      await this.#changeProfiles(traits, readPhone)
      if (pending.length > 0) await this.#t.repo(Identity).insertMany(pending)
      if (events.length > 0)
        await this.#t.repo(CustomerEvent).insertMany(events.map((one) => this.#rowOf(one)))
    } catch (error) {
      // Somebody else made the same identity or sent the same message between our read and our write.
      throw lostRace(error)
    }
    await this.#countActivity(events)
    touchBatch(this.#t, {
      events: events.map(({ customerId, message: { name } }) => ({
        customerId: this.#identities.current(customerId),
        name,
      })),
      identities: pending,
    })
    await touchWhenHappened(
      this.#t,
      events.map(({ id, message: { occurredAt } }) => ({ id, occurredAt })),
    )
    await registerNames(
      this.#t,
      events.map(({ message }) => message),
    )
  }

  /** In the order in which it happened. */
  #takeTraits(): Map<string, Said[]> {
    const byCustomer = new Map<string, Said[]>()
    for (const [id, list] of this.#traits) {
      const current = this.#identities.current(id)
      byCustomer.set(current, [...(byCustomer.get(current) ?? []), ...list])
    }
    this.#traits.clear()
    for (const said of byCustomer.values()) {
      said.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0))
    }
    return byCustomer
  }

  async #changeProfiles(traits: ReadonlyMap<string, readonly Said[]>, readPhone: ReadPhone): Promise<void> {
    if (traits.size === 0) return
    const later = await saidLater(this.#t, traits)
    const rows = await this.#t.repo(Customer).getMany([...traits.keys()])
    const changes = rows.flatMap((row) => {
      const changed = appliedTraits(row, traits.get(row.id), readPhone, later.get(row.id))
      return Object.keys(changed).length > 0 ? [{ id: row.id, changes: changed }] : []
    })
    if (changes.length > 0) await this.#t.repo(Customer).patchMany(changes)
  }

  #rowOf({ id, customerId, message }: Pending) {
    const { messageId, type, name, properties, context, traits, occurredAt } = message
    return {
      id,
      customerId: this.#identities.current(customerId),
      messageId,
      type,
      name,
      properties: (type === 'identify' ? traits : properties) as Record<string, never>,
      context: context as Record<string, never>,
      occurredAt,
      receivedAt: this.#origin.receivedAt,
      sourceId: this.#origin.sourceId,
    }
  }

  async #countActivity(events: readonly Pending[]): Promise<void> {
    if (events.length === 0) return
    const byCustomer = new Map<string, Activity>()
    for (const { customerId, message } of events) {
      const id = this.#identities.current(customerId)
      const { occurredAt } = message
      const known = byCustomer.get(id)
      if (!known) byCustomer.set(id, { first: occurredAt, last: occurredAt, count: 1 })
      else {
        if (occurredAt < known.first) known.first = occurredAt
        if (occurredAt > known.last) known.last = occurredAt
        known.count++
      }
    }
    const now = this.#t.now()
    const rows = [...byCustomer].map(([id, { first, last, count }]) => ({
      id,
      version: 1,
      createdAt: now,
      updatedAt: now,
      firstSeenAt: first,
      lastSeenAt: last,
      eventCount: count,
    }))
    await this.#t.projection(
      'who was seen when, and how often: nobody subscribes to each event’s count',
      (db) =>
        db
          .insertInto('customerActivities')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['tenantId', 'id']).doUpdateSet((eb) => ({
              eventCount: eb('customerActivities.eventCount', '+', eb.ref('excluded.eventCount')),
              firstSeenAt: eb
                .case()
                .when('customerActivities.firstSeenAt', '<=', eb.ref('excluded.firstSeenAt'))
                .then(eb.ref('customerActivities.firstSeenAt'))
                .else(eb.ref('excluded.firstSeenAt'))
                .end(),
              lastSeenAt: eb
                .case()
                .when('customerActivities.lastSeenAt', '>=', eb.ref('excluded.lastSeenAt'))
                .then(eb.ref('customerActivities.lastSeenAt'))
                .else(eb.ref('excluded.lastSeenAt'))
                .end(),
              updatedAt: now,
            })),
          )
          .execute(),
    )
  }
}

/** What several sets of traits, one after the other, change about a customer. */
function appliedTraits(
  row: Partial<CustomerRow>,
  list: readonly Said[] = [],
  readPhone: ReadPhone,
  later: readonly Said[] = [],
): CustomerChanges {
  let changes: CustomerChanges = {}
  for (const { traits, occurredAt } of list) {
    const settled = new Set(
      later.filter((one) => one.occurredAt > occurredAt).flatMap((one) => targetsOf(one.traits)),
    )
    const now = { ...row, ...changes } as Partial<CustomerRow>
    changes = { ...changes, ...profileChanges(now, traits, { readPhone, settled }) }
  }
  return changes
}
