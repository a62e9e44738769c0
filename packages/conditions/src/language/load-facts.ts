import type { AnyEntity } from '@clientele/core'
import type { Kysely } from 'kysely'
import type { Condition } from '../condition.ts'
import type { Environment, Facts } from '../condition-type.ts'
import type { Language } from './language.ts'
import { entitiesOf } from './walk.ts'

type Row = Readonly<Record<string, unknown>>

/** Customers read in one statement. */
const BATCH = 500

/**
 * The rows that a condition's evaluator needs, per customer; customers that do not exist are left out. Read in the
 * transaction that wrote them, the answer is exact.
 */
export async function loadFacts(
  db: Kysely<any>,
  language: Language,
  condition: Condition,
  ids: readonly string[],
  environment: Environment,
): Promise<ReadonlyMap<string, Facts>> {
  const entities = [language.subject, ...entitiesOf(language, condition)]
  const tables = await Promise.all(entities.map((entity) => rowsById(db, entity, ids)))
  const facts = new Map<string, Facts>()
  for (const id of tables[0]!.keys()) {
    const rows = new Map(entities.map((entity, index) => [entity, tables[index]!.get(id)]))
    facts.set(id, { ...environment, row: (entity) => rows.get(entity) ?? missing(entity) })
  }
  return facts
}

async function rowsById(
  db: Kysely<any>,
  entity: AnyEntity,
  ids: readonly string[],
): Promise<Map<string, Row>> {
  const rows = new Map<string, Row>()
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH)
    for (const row of await db.selectFrom(entity.name).selectAll().where('id', 'in', batch).execute()) {
      rows.set(row['id'] as string, row)
    }
  }
  return rows
}

function missing(entity: AnyEntity): never {
  throw new TypeError(
    `The row of "${entity.name}" was not loaded; name the entity in the condition type's needs()`,
  )
}
