import { addFact, type FactChange, type FactChanges, type FactKey } from '@clientele/conditions'
import { defineService, slicesOf, type Ctx, type Tx } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'
import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Definition } from '../definition/definition.ts'
import { Definitions } from '../definition/definitions.ts'
import type { AudienceTables } from '../segments.tables.ts'
import { announce } from './announce.ts'
import { CUSTOMERS } from './decide.ts'
import { endAll } from './keep-decisions.ts'
import { knownFacts } from './known-facts.ts'
import { settle, type Question } from './settle.ts'
import type { Touched } from './touched.ts'

/** Who is in which segment, kept exact; the protocol is that of decision 0015. */
export interface MembershipsService {
  readonly definitions: Definitions
  /** Decides what depends on facts that this transaction changed, before it commits. */
  factsChanged(t: Tx, touched: Touched): Promise<void>
  /** Decides memberships whose time has come, a batch in a transaction of its own. */
  timePassed(ctx: Ctx): Promise<void>
}

/** The service: `ctx.get(Memberships)`. */
export const Memberships = defineService<MembershipsService>('segments.memberships')

export function createMembershipsService(): MembershipsService {
  const definitions = new Definitions()
  return {
    definitions,
    factsChanged: (t, touched) => factsChanged(t, definitions, touched),
    timePassed: (ctx) => ctx.tx((t) => timePassed(t, definitions)),
  }
}

async function factsChanged(t: Tx, known: Definitions, touched: Touched): Promise<void> {
  const everybody = [...touched.facts.keys()].toSorted()
  await t.lock(Customer, everybody)
  const definitions = await known.current(t)
  if (definitions.epoch === null) return
  for (const ids of slicesOf(everybody, CUSTOMERS)) {
    for (const question of await questionsOf(t, definitions, ids, touched)) {
      await announce(t, definitions, await settle(t, definitions, question))
    }
  }
}

async function questionsOf(
  t: Tx,
  definitions: DefinitionSet,
  ids: readonly string[],
  { facts, created }: Touched,
): Promise<Question[]> {
  const because = { by: 'facts', facts } as const
  const fresh = ids.filter((id) => created.has(id))
  const whole = ids.filter((id) => !created.has(id) && facts.get(id)!.has('*'))
  const others = ids.filter((id) => !created.has(id) && !facts.get(id)!.has('*'))
  const questions: Question[] = []
  if (others.length > 0) {
    const touched = together(others.map((id) => facts.get(id)!))
    const asked = definitions.dependents(touched.keys())
    questions.push({ ids: others, asked, lasting: definitions.lasting(asked, touched), because })
  }
  if (whole.length > 0) {
    const there = await presentOf(t, whole)
    const gone = whole.filter((id) => !there.has(id))
    if (gone.length > 0) await announce(t, definitions, await endAll(t, gone, { by: 'facts', with: '*' }))
    questions.push({ ids: [...there], asked: new Set(definitions.all), because })
  }
  if (fresh.length > 0) {
    const known = await knownFacts(t, definitions.entities, fresh)
    const touched = new Set<FactKey>(known.facts)
    for (const id of fresh) for (const fact of facts.get(id)!.keys()) if (fact !== '*') touched.add(fact)
    const asked = definitions.ofNew(touched)
    const blank = definitions.blank.filter((one) => !asked.has(one))
    questions.push({ ids: [...known.there], asked, blank, because })
  }
  return questions
}

function together(all: readonly FactChanges[]): FactChanges {
  const touched = new Map<FactKey, FactChange>()
  for (const facts of all) for (const [fact, change] of facts) addFact(touched, fact, change)
  return touched
}

/** Those of the customers who have not been removed. */
async function presentOf(t: Tx<AudienceTables>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await t.db
    .selectFrom('customers')
    .select('id')
    .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', ids))
    .execute()
  return new Set(rows.map(({ id }) => id))
}

async function timePassed(t: Tx<AudienceTables>, known: Definitions): Promise<void> {
  const now = t.now()
  const due = await t.db
    .selectFrom('segmentTimers')
    .select('customerId')
    .where('at', '<=', now)
    .orderBy('at')
    .limit(CUSTOMERS)
    .execute()
  const ids = [...new Set(due.map(({ customerId }) => customerId))].toSorted()
  if (ids.length === 0) return
  await t.lock(Customer, ids)
  const definitions = await known.current(t)
  // What others have moved meanwhile is not due any more.
  const timers = await t.db
    .selectFrom('segmentTimers')
    .select(['id', 'segmentId'])
    .where('at', '<=', now)
    .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', ids))
    .execute()
  const found = timers.map((timer) => ({ id: timer.id, definition: definitions.find(timer.segmentId) }))
  await forget(
    t,
    found.filter(({ definition }) => !definition || !hasInstants(definition)).map(({ id }) => id),
  )
  const asked = new Set(found.flatMap(({ definition }): Definition[] => (definition ? [definition] : [])))
  await announce(t, definitions, await settle(t, definitions, { ids, asked, because: { by: 'time' } }))
}

function hasInstants({ timed, segment }: Definition): boolean {
  return timed || segment.hasPins
}

/** Timers of segments that are no more, or that time does not change any more. */
async function forget(t: Tx<AudienceTables>, timerIds: readonly string[]): Promise<void> {
  if (timerIds.length === 0) return
  await t.projection('timers follow from definitions', (db) =>
    db
      .deleteFrom('segmentTimers')
      .where((eb) => t.sql.anyOf(eb.ref('id'), 'uuid', timerIds))
      .execute(),
  )
}
