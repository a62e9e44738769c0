import {
  answersQuery,
  evaluateCondition,
  loadFacts,
  nextChangeAt,
  type Condition,
  type Environment,
  type Language,
} from '@clientele/conditions'
import { fromTimestamp, slicesOf, type Tx } from '@clientele/core'
import { languageOf } from '../audience/language.ts'
import type { Definition } from '../definition/definition.ts'
import type { AudienceTables } from '../segments.tables.ts'

/** Whether a customer is in a segment, and until when that holds. */
export interface Decision {
  readonly definition: Definition
  readonly customerId: string
  readonly member: boolean
  /** The next instant at which the answer may differ by itself; null when it never will. */
  readonly next: number | null
}

/** Conditions in one statement: databases limit how much one may hold. */
const TOGETHER = 20

/** Customers in one statement. */
export const CUSTOMERS = 500

/** Nothing waits for an instant that no database can hold. */
const LAST_INSTANT = Date.UTC(9999, 11, 31)

/** Definitions, each with the customers it is asked of. */
export type Asked = ReadonlyMap<Definition, readonly string[]>

/**
 * Asks definitions of customers, by what they wrote so far in this transaction and what has been committed. A customer
 * who was removed is in no segment.
 *
 * @param asked of customers whom this transaction has locked, or while nobody else writes; at most {@link CUSTOMERS} in all
 */
export async function decide(t: Tx<AudienceTables>, asked: Asked, tenant: Environment): Promise<Decision[]> {
  const environment = { ...tenant, now: fromTimestamp(t.now()) }
  const language = languageOf(t)
  const definitions = [...asked.keys()]
  const ids = customersOf(asked)
  const answers: Answer[] = []
  for (const some of slicesOf(
    definitions.filter((one) => !one.inMemory),
    TOGETHER,
  )) {
    answers.push(...(await bySql(t, language, some, ids, environment)))
  }
  const inMemory = new Map([...asked].filter(([definition]) => definition.inMemory))
  if (inMemory.size > 0) answers.push(...(await byRows(t, language, inMemory, environment)))
  const pins = await pinsOf(t, definitions, ids)
  return answers.flatMap(({ definition, met, visible, next }) => {
    return asked.get(definition)!.map((customerId): Decision => {
      if (!visible.has(customerId)) return { definition, customerId, member: false, next: null }
      const own = { definition, customerId, member: met.has(customerId), next: next?.get(customerId) ?? null }
      const pin = definition.segment.hasPins ? pins.get(`${definition.segment.id}/${customerId}`) : undefined
      return pinned(own, pin, environment.now)
    })
  })
}

interface Answer {
  readonly definition: Definition
  readonly met: ReadonlySet<string>
  /** The customers who are there. */
  readonly visible: { has(id: string): boolean }
  readonly next?: ReadonlyMap<string, number | null>
}

async function bySql(
  t: Tx,
  language: Language,
  definitions: readonly Definition[],
  ids: readonly string[],
  environment: Environment,
): Promise<Answer[]> {
  const conditions = definitions.map(({ condition }) => condition)
  const rows = await answersQuery(t, language, conditions, environment, { ids }).execute()
  const visible = new Set(rows.map(({ id }) => id))
  return definitions.map((definition, place) => ({
    definition,
    met: new Set(rows.filter((row) => row[`answer${place}`] === 1).map(({ id }) => id)),
    visible,
  }))
}

async function byRows(t: Tx, language: Language, asked: Asked, environment: Environment): Promise<Answer[]> {
  // One reading for all: conditions share rows and collections.
  const together: Condition = { any: [...asked.keys()].map(({ condition }) => condition) }
  const facts = await loadFacts(t, language, together, customersOf(asked), environment, { brief: true })
  return [...asked].map(([definition, of]) => {
    const met = new Set<string>()
    const next = new Map<string, number | null>()
    for (const id of of) {
      const own = facts.get(id)
      if (!own) continue
      if (evaluateCondition(language, definition.condition, own)) met.add(id)
      if (definition.timed)
        next.set(id, instantAfter(environment.now, nextChangeAt(language, definition.condition, own)))
    }
    return { definition, met, visible: facts, next }
  })
}

function customersOf(asked: Asked): readonly string[] {
  // Mostly one list for all.
  const lists = [...new Set(asked.values())]
  return lists.length === 1 ? lists[0]! : [...new Set(lists.flat())]
}

function instantAfter(now: number, next: number | null): number | null {
  return next === null || next > LAST_INSTANT ? null : Math.max(next, now + 1)
}

interface Pinned {
  readonly mode: 'include' | 'exclude'
  readonly expiresAt: string | null
}

async function pinsOf(
  t: Tx<AudienceTables>,
  definitions: readonly Definition[],
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pinned>> {
  const segments = definitions.filter(({ segment }) => segment.hasPins).map(({ segment }) => segment.id)
  if (segments.length === 0) return new Map()
  const rows = await t.db
    .selectFrom('segmentPins')
    .select(['segmentId', 'customerId', 'mode', 'expiresAt'])
    .where((eb) => t.sql.anyOf(eb.ref('segmentId'), 'uuid', segments))
    .where((eb) => t.sql.anyOf(eb.ref('customerId'), 'uuid', ids))
    .execute()
  return new Map(rows.map((row) => [`${row.segmentId}/${row.customerId}`, row]))
}

function pinned(own: Decision, pin: Pinned | undefined, now: number): Decision {
  if (!pin) return own
  const until = pin.expiresAt === null ? null : fromTimestamp(pin.expiresAt)
  if (until !== null && until <= now) return own
  const next = until === null || (own.next !== null && own.next < until) ? own.next : until
  return { ...own, member: pin.mode === 'include', next }
}
