import { defineCommitStep, defineExtensionPoint, type Tx } from '@clientele/core'

/**
 * What an answer hangs on, and what a writer changed: `customers.country`, `customers.traits.plan`,
 * `events.Order Completed`. A last part `*` stands for all of its kind (`events.*`), `*` alone for everything about the
 * customer, who may have come, gone or returned.
 */
export type FactKey = string

/** What became of a fact: `grew` when rows came and all that were there stay as they were, else `changed`. */
export type FactChange = 'grew' | 'changed'

/** Facts that a transaction touched, each with what became of it. */
export type FactChanges = ReadonlyMap<FactKey, FactChange>

/** Customers, each with the facts that a transaction touched about them. */
export type TouchedFacts = ReadonlyMap<string, FactChanges>

/** Hears which facts changed, once a transaction and before it commits. */
export interface FactWatcher {
  /** Stable name. */
  readonly id: string
  factsChanged(t: Tx, touched: TouchedFacts): Promise<void>
}

/** Where plugins add what depends on facts about customers: memberships of segments, triggers of flows. */
export const FactWatchers = defineExtensionPoint<FactWatcher>('conditions.watchers')

const gathered = defineCommitStep(
  'conditions.facts',
  () => new Map<string, Map<FactKey, FactChange>>(),
  async (t, touched) => {
    for (const watcher of t.extensions(FactWatchers)) await watcher.factsChanged(t, touched)
  },
)

/** Whether anybody hears of facts: if not, a writer need not find out which ones it changes. */
export function areFactsHeard(t: Tx): boolean {
  return t.extensions(FactWatchers).length > 0
}

/**
 * Says that facts about customers changed in this transaction. Whoever writes facts that a condition type reads calls it
 * beside the write, after `t.lock(Customer, ids)`: two writers about one customer then follow each other, and the later
 * one sees what the earlier wrote.
 */
export function touchFacts(
  t: Tx,
  customerIds: Iterable<string>,
  facts: readonly FactKey[],
  change: FactChange = 'changed',
): void {
  if (!areFactsHeard(t)) return
  const touched = t.beforeCommit(gathered)
  for (const id of customerIds) {
    let known = touched.get(id)
    if (!known) touched.set(id, (known = new Map()))
    for (const fact of facts) addFact(known, fact, change)
  }
}

/** Adds what became of a fact to what is known of others: what grew and changed has changed. */
export function addFact(known: Map<FactKey, FactChange>, fact: FactKey, change: FactChange): void {
  if (change === 'changed' || !known.has(fact)) known.set(fact, change)
}
