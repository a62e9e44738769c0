import type { AnyEntity } from '@clientele/core'
import type { Condition } from '../condition.ts'
import type { Environment } from '../environment.ts'
import type { Facts } from '../facts/facts.ts'
import type { CompileTarget } from '../sql-scope.ts'
import type { Collection } from '../facts/collection.ts'
import type { Language } from './language.ts'
import { asksSubject, collectionsOf, entitiesOf } from './walk.ts'

type Row = Readonly<Record<string, unknown>>

/** Customers read in one statement. */
const BATCH = 500

/** What facts are loaded for. */
export interface FactsWanted {
  /** Only to answer and to know the next change, not to explain: fewer rows may do. @default false */
  readonly brief?: boolean
}

/**
 * What a condition's evaluator needs, per customer; customers that do not exist are left out. Read in the transaction
 * that wrote it, the answer is exact.
 */
export async function loadFacts(
  target: CompileTarget,
  language: Language,
  condition: Condition,
  ids: readonly string[],
  environment: Environment,
  { brief = false }: FactsWanted = {},
): Promise<ReadonlyMap<string, Facts>> {
  const { subject } = language
  const entities = [subject, ...entitiesOf(language, condition)]
  // Else the subject's row tells no more than that it is there.
  const isSubjectRead = !brief || asksSubject(language, condition)
  const tables = await Promise.all(
    entities.map((entity) =>
      rowsById(target, entity, ids, entity !== subject || isSubjectRead ? undefined : ['id']),
    ),
  )
  const collections = await Promise.all(
    collectionsOf(language, condition, { brief }).map(
      async (one) => [one.key, await rowsOf(target, one, ids, environment)] as const,
    ),
  )
  const facts = new Map<string, Facts>()
  for (const id of tables[0]!.keys()) {
    const rows = new Map(entities.map((entity, index) => [entity, tables[index]!.get(id)]))
    const lists = new Map(collections.map(([key, byCustomer]) => [key, byCustomer.get(id) ?? []]))
    facts.set(id, {
      ...environment,
      row: (entity) =>
        (entity !== subject || isSubjectRead ? rows.get(entity) : undefined) ?? missing(entity.name),
      rows: <R>({ key }: Collection<R>) => (lists.get(key) as readonly R[] | undefined) ?? missing(key),
    })
  }
  return facts
}

async function rowsOf(
  target: CompileTarget,
  collection: Collection<any>,
  ids: readonly string[],
  environment: Environment,
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const rows = new Map<string, readonly unknown[]>()
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = await collection.load(target, ids.slice(from, from + BATCH), environment)
    for (const [id, list] of batch) rows.set(id, list)
  }
  return rows
}

async function rowsById(
  { db, sql }: CompileTarget,
  entity: AnyEntity,
  ids: readonly string[],
  columns?: readonly string[],
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>()
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH)
    const table = db.selectFrom(entity.name)
    const found: Row[] = await (columns ? table.select(columns) : table.selectAll())
      .where((eb) => sql.anyOf(eb.ref('id'), 'uuid', batch))
      .execute()
    for (const row of found) rows.set(row['id'] as string, row)
  }
  return rows
}

function missing(what: string): never {
  throw new TypeError(
    `"${what}" was not loaded; name it in the condition type's needs() or reads(), or its facts in dependsOn()`,
  )
}
