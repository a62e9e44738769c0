import { areFactsHeard, touchFacts } from '@clientele/conditions'
import {
  onChange,
  within,
  type Change,
  type ChangeSubscriber,
  type EventHandler,
  type Tx,
} from '@clientele/core'
import { ConsentState } from '../consent/consent.entity.ts'
import { Customer } from '../customer/customer.entity.ts'
import { CustomersMerged, CustomersUnmerged } from '../customers.events.ts'
import { CustomerTag } from '../tag/tag.entity.ts'

/** Everything about a customer: they came, went, returned, or have another's rows now. */
const EVERYTHING = ['*'] as const

/** What changed about customers themselves. Whoever writes their row holds its lock from then on. */
const customerFacts: ChangeSubscriber = onChange(Customer, 'customers.facts', (changes, t) => {
  if (!areFactsHeard(t)) return
  for (const change of changes) {
    const facts = factsOf(change)
    if (facts.length > 0) touchFacts(t, [change.id], facts)
  }
})

/** A writer of consents holds the customer's lock. */
const consentFacts: ChangeSubscriber = onChange(ConsentState, 'customers.consent-facts', (changes, t) => {
  for (const { before, after } of changes) {
    for (const state of [before, after]) {
      if (state) touchFacts(t, [state.customerId], [`consents.${state.purpose}`])
    }
  }
})

/** Whoever puts tags on customers holds their locks. */
const tagFacts: ChangeSubscriber = onChange(CustomerTag, 'customers.tag-facts', (changes, t) => {
  for (const { before, after } of changes) {
    for (const tag of [before, after]) if (tag) touchFacts(t, [tag.customerId], [`tags.${tag.name}`])
  }
})

export const factSubscribers: readonly ChangeSubscriber[] = [customerFacts, consentFacts, tagFacts]

/** Rows of all kinds follow when customers become one or two again. */
export const factHandlers: readonly EventHandler[] = [CustomersMerged, CustomersUnmerged].map((event) =>
  within(event, `customers.facts.${event.name}`, async ({ payload: { survivorId, mergedId } }, t) =>
    touchFacts(t, [survivorId, mergedId], EVERYTHING),
  ),
)

/** What a batch of events brought, of customers whose locks are held or who are new. */
export interface BatchFacts {
  readonly events: readonly { readonly customerId: string; readonly name: string }[]
  readonly identities: readonly { readonly customerId: string; readonly type: string }[]
}

/** Says what a batch changes about its customers. Costs nothing while nobody listens. */
export function touchBatch(t: Tx, { events, identities }: BatchFacts): void {
  if (!areFactsHeard(t)) return
  for (const { customerId, name } of events) {
    touchFacts(t, [customerId], [`events.${name}`], 'grew')
    touchFacts(t, [customerId], [ACTIVITY])
  }
  for (const { customerId, type } of identities) touchFacts(t, [customerId], [`identities.${type}`])
}

/** First and last seen, and how many events. */
const ACTIVITY = 'customerActivities.*'

/** Says that events of these customers, whose locks are held, are gone. */
export function touchGoneEvents(t: Tx, customerIds: Iterable<string>): void {
  touchFacts(t, customerIds, ['events.*', ACTIVITY])
}

function factsOf({ kind, columns, before, after }: Change<typeof Customer>): readonly string[] {
  if (kind !== 'patch' || !before || !after) return EVERYTHING
  return columns.flatMap((column) =>
    column === 'traits'
      ? changedKeys(before.traits, after.traits).map((name) => `customers.traits.${name}`)
      : [`customers.${column}`],
  )
}

type Json = Readonly<Record<string, unknown>>

function changedKeys(before: Json, after: Json): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
}
