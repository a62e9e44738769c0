import { fromTimestamp, type Timestamp, type Tx } from '@clientele/core'
import type { CustomersTables } from '../customers.tables.ts'
import { Declarations } from '../declaration/declarations.ts'
import { EventDefinition } from '../event/event.entity.ts'
import { TraitDefinition, type TraitKind } from '../trait/trait-definition.entity.ts'
import type { JsonObject, Message } from './message.ts'
import { isTraitName } from './profile.ts'

/** How exact `lastSeenAt` is: writing it with every batch would make every batch wait for the others. */
const EXACT_MS = 60 * 60 * 1000
/** Names of each kind that a tenant's registry holds; further ones are stored with their events all the same. */
const MOST_NAMES = 10_000

/** Keeps what a shop knows of events and traits: every name that is seen, since when, and its kind. */
export async function registerNames(t: Tx<CustomersTables>, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return
  await registerEvents(t, messages)
  await registerTraits(t, messages)
}

async function registerEvents(t: Tx<CustomersTables>, messages: readonly Message[]): Promise<void> {
  const seen = new Map(messages.map(({ type, name }) => [`${type} ${name}`, { type, name }]))
  const known = await t.db
    .selectFrom('eventDefinitions')
    .select(['id', 'type', 'name', 'lastSeenAt'])
    .where('name', 'in', [...new Set(messages.map(({ name }) => name))])
    .execute()
  const now = t.now()
  const isKnown = new Set(known.map(({ type, name }) => `${type} ${name}`))
  const fresh = [...seen].filter(([key]) => !isKnown.has(key)).map(([, one]) => one)
  if (fresh.length > 0 && (await hasRoom(t, 'eventDefinitions'))) {
    const declared = t.get(Declarations)
    const rows = fresh.map((one) => ({
      ...stamp(t),
      ...one,
      description: one.type === 'track' ? declared.describeEvent(one.name) : null,
    }))
    await t.projection('which events a shop knows', (db) =>
      db
        .insertInto(EventDefinition.name)
        .values(rows)
        .onConflict((conflict) => conflict.columns(['tenantId', 'type', 'name']).doNothing())
        .execute(),
    )
  }
  const stale = known.filter((one) => seen.has(`${one.type} ${one.name}`) && isStale(one.lastSeenAt, now))
  if (stale.length === 0) return
  const ids = stale.map(({ id }) => id)
  await t.projection('when an event was last seen', (db) =>
    db.updateTable(EventDefinition.name).set({ lastSeenAt: now }).where('id', 'in', ids).execute(),
  )
}

async function registerTraits(t: Tx<CustomersTables>, messages: readonly Message[]): Promise<void> {
  const seen = new Map<string, TraitKind>()
  for (const { traits } of messages) {
    for (const [name, kind] of kindsOf(traits)) seen.set(name, both(seen.get(name), kind))
  }
  if (seen.size === 0) return
  const known = await t.db
    .selectFrom('traitDefinitions')
    .select(['id', 'name', 'kind', 'lastSeenAt'])
    .where('name', 'in', [...seen.keys()])
    .execute()
  const now = t.now()
  const isKnown = new Set(known.map(({ name }) => name))
  const fresh = [...seen].filter(([name]) => !isKnown.has(name))
  if (fresh.length > 0 && (await hasRoom(t, 'traitDefinitions'))) {
    const declared = t.get(Declarations)
    const rows = fresh.map(([name, kind]) => ({
      ...{ ...stamp(t), name, kind },
      description: declared.describeTrait(name),
    }))
    await t.projection('which traits a shop knows', (db) =>
      db
        .insertInto(TraitDefinition.name)
        .values(rows)
        .onConflict((conflict) => conflict.columns(['tenantId', 'name']).doNothing())
        .execute(),
    )
  }
  for (const { id, name, kind, lastSeenAt } of known) {
    const next = both(kind, seen.get(name)!)
    if (next === kind && !isStale(lastSeenAt, now)) continue
    await t.projection('what a trait’s values are, and when it was last seen', (db) =>
      db
        .updateTable(TraitDefinition.name)
        .set({ kind: next, lastSeenAt: now })
        .where('id', '=', id)
        .execute(),
    )
  }
}

/** Names that the registry can hold: longer ones are no traits that anybody would ask for. */
function kindsOf(traits: JsonObject): [string, TraitKind][] {
  return Object.entries(traits).flatMap(([name, value]): [string, TraitKind][] => {
    if (value === null || !isTraitName(name)) return []
    if (Array.isArray(value)) return [[name, 'list']]
    const kinds: Partial<Record<string, TraitKind>> = { string: 'text', number: 'number', boolean: 'boolean' }
    return [[name, kinds[typeof value] ?? 'object']]
  })
}

function both(known: TraitKind | undefined, kind: TraitKind): TraitKind {
  return known === undefined || known === kind ? kind : 'mixed'
}

function isStale(lastSeenAt: Timestamp | null, now: Timestamp): boolean {
  return lastSeenAt === null || fromTimestamp(lastSeenAt) + EXACT_MS <= fromTimestamp(now)
}

async function hasRoom(
  t: Tx<CustomersTables>,
  table: 'eventDefinitions' | 'traitDefinitions',
): Promise<boolean> {
  const { count } = await t.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count < MOST_NAMES
}

function stamp(t: Tx) {
  const now = t.now()
  return {
    ...{ id: t.newId(), version: 1, createdAt: now, updatedAt: now },
    ...{ firstSeenAt: now, lastSeenAt: now },
  }
}
