import { addFact, touchFacts, type FactChange, type FactKey, type FactWatcher } from '@clientele/conditions'
import { defineCommitStep, onChange, within, type ChangeSubscriber, type EventHandler } from '@clientele/core'
import { Customer, CustomersMerged } from '@clientele/plugin-customers'
import { Memberships } from './memberships.ts'

/** What a transaction did that memberships hang on. */
export interface Touched {
  readonly facts: Map<string, Map<FactKey, FactChange>>
  /** Customers who came in this transaction: all about them was written in it. */
  readonly created: Set<string>
}

const membershipStep = defineCommitStep<Touched>(
  'segments.memberships',
  () => ({ facts: new Map(), created: new Set() }),
  (t, touched) => t.get(Memberships).factsChanged(t, touched),
)

/** Memberships are decided once a transaction, after all of its writes. */
export const membershipWatcher: FactWatcher = {
  id: 'segments.memberships',
  async factsChanged(t, touched) {
    const { facts } = t.beforeCommit(membershipStep)
    for (const [id, changed] of touched) {
      let known = facts.get(id)
      if (!known) facts.set(id, (known = new Map()))
      for (const [fact, change] of changed) addFact(known, fact, change)
    }
  },
}

/** Tells new customers from those who were there: only what is known of them has to be asked about. */
export const newCustomers: ChangeSubscriber = onChange(Customer, 'segments.new-customers', (changes, t) => {
  const created = changes.filter(({ kind }) => kind === 'insert').map(({ id }) => id)
  if (created.length === 0) return
  // First, so that the step that gathers facts runs before the one that decides.
  touchFacts(t, created, ['*'])
  for (const id of created) t.beforeCommit(membershipStep).created.add(id)
})

/** Whoever came and got another's rows in one transaction has more than what it says of them. */
export const mergedCustomers: EventHandler = within(
  CustomersMerged,
  'segments.merged-customers',
  async ({ payload: { survivorId } }, t) => {
    touchFacts(t, [survivorId], ['*'])
    t.beforeCommit(membershipStep).created.delete(survivorId)
  },
)
