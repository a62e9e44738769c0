import { defineService, type Ctx, type Timestamp, type Tx } from '@clientele/core'
import { customersErrors } from '../customers.errors.ts'
import type { CustomersTables } from '../customers.tables.ts'
import { Declarations } from '../declaration/declarations.ts'
import type { Identifier, IdentityRules } from '../identity/identity-rules.ts'
import { appendMessages, type EventBatchHost, type EventOrigin } from '../ingest/event-batch.ts'
import type { JsonObject, Message, MessageOutcome } from '../ingest/message.ts'
import { Merges } from '../merge/merge.service.ts'
import { CustomerEvent } from './event.entity.ts'

/** Whom something is about: a customer of ours, or identifiers that lead to one. */
export type Who = { readonly customerId: string } | { readonly identifiers: readonly Identifier[] }

/** Something a customer did, told by code in the same process. */
export interface NewEvent {
  readonly who: Who
  /** `Product Viewed`, at most 200 characters. */
  readonly name: string
  readonly properties?: JsonObject
  readonly context?: JsonObject
  /** @default now */
  readonly occurredAt?: Timestamp
  /** Whoever repeats it is not heard twice. @default a new one */
  readonly messageId?: string
}

/** A fact of another plugin for the timeline: `order.placed`. */
export interface NewFact {
  readonly customerId: string
  /** `noun.past-tense`. */
  readonly name: string
  /** Names the fact for ever, such as the order's id: recording it again changes nothing. */
  readonly key: string
  readonly properties?: JsonObject
  /** @default now */
  readonly occurredAt?: Timestamp
}

/** What customers did. */
export interface CustomerEventsService {
  /**
   * Appends an event in the caller's transaction, and with it all that depends on it. Identifiers make and merge
   * customers as they do in events that arrive over HTTP. Null when they stand for nobody.
   * @throws `entity.reference` for a customer who is not there, `customers.invalid_event` for a declared event whose
   * properties do not fit
   */
  track(t: Tx, event: NewEvent): Promise<{ readonly customerId: string; readonly duplicate: boolean } | null>
  /**
   * Says what is known about somebody: identifiers, and traits that change the profile. What an event that happened later
   * has said stays.
   * @throws `customers.invalid_traits` for values that are declared otherwise
   */
  identify(
    t: Tx,
    who: {
      readonly identifiers: readonly Identifier[]
      readonly traits?: JsonObject
      /** @default now */
      readonly occurredAt?: Timestamp
      readonly messageId?: string
    },
  ): Promise<{ readonly customerId: string } | null>
  /** Puts facts of another plugin on the timelines; those recorded before are left as they are. */
  record(t: Tx, facts: readonly NewFact[]): Promise<void>
  /** Takes messages in their order, each once; what HTTP and imports go through. */
  append(t: Tx, messages: readonly Message[], origin: EventOrigin): Promise<MessageOutcome[]>
}

export const CustomerEvents = defineService<CustomerEventsService>('customers.events')

export function createCustomerEventsService(rules: IdentityRules): CustomerEventsService {
  const host: EventBatchHost = {
    rules,
    async merge(t, survivorId, mergedId, identifiers) {
      await t.get(Merges).merge(t, survivorId, mergedId, { cause: 'identifiers', identifiers })
    },
  }
  const append: CustomerEventsService['append'] = (t, messages, origin) =>
    appendMessages(t, messages, host, origin)
  const one = async (t: Tx, message: Message): Promise<MessageOutcome> =>
    (await append(t, [message], { sourceId: null, receivedAt: t.now() }))[0]!
  return {
    append,
    async track(
      t,
      { who, name, properties = {}, context = {}, occurredAt = t.now(), messageId = t.newId() },
    ) {
      const issues = t.get(Declarations).eventIssues(name, properties)
      if (issues.length > 0) throw customersErrors['customers.invalid_event']({ name, issues })
      const outcome = await one(t, {
        ...{ type: 'track', traits: {}, name, properties, context, occurredAt, messageId },
        ...whoOf(who),
      })
      if (outcome.kind === 'nobody') return null
      if (outcome.kind === 'accepted') return { customerId: outcome.customerId, duplicate: false }
      return { customerId: await customerOfMessage(t, messageId), duplicate: true }
    },
    async identify(t, { identifiers, traits = {}, occurredAt = t.now(), messageId = t.newId() }) {
      const issues = t.get(Declarations).traitIssues(traits)
      if (issues.length > 0) throw customersErrors['customers.invalid_traits']({ issues })
      const outcome = await one(t, {
        ...{ type: 'identify', name: 'identify', properties: {}, context: {}, occurredAt },
        ...{ messageId, identifiers, traits },
      })
      if (outcome.kind === 'nobody') return null
      if (outcome.kind === 'accepted') return { customerId: outcome.customerId }
      return { customerId: await customerOfMessage(t, messageId) }
    },
    async record(t, facts) {
      const messages = facts.map(
        ({ customerId, name, key, properties = {}, occurredAt = t.now() }): Message => ({
          ...{ type: 'fact', messageId: `${name}:${key}`, name, identifiers: [], customerId },
          ...{ traits: {}, properties, context: {}, occurredAt },
        }),
      )
      await append(t, messages, { sourceId: null, receivedAt: t.now() })
    },
  }
}

function whoOf(who: Who): Pick<Message, 'identifiers' | 'customerId'> {
  return 'customerId' in who
    ? { identifiers: [], customerId: who.customerId }
    : { identifiers: who.identifiers }
}

async function customerOfMessage(ctx: Ctx<CustomersTables>, messageId: string): Promise<string> {
  const { customerId } = await ctx.db
    .selectFrom(CustomerEvent.name)
    .select('customerId')
    .where('messageId', '=', messageId)
    .executeTakeFirstOrThrow()
  return customerId
}
