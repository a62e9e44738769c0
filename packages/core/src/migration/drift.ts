import { WHOLE_INSTANCE } from '../context/system-context.ts'
import type { RegisteredEntity, Registry } from '../plugin/registry.ts'
import type { Storage } from '../storage/storage.ts'
import { KEY_INDEX } from '../storage/key-indexes.ts'
import { createTableSql } from './ddl.ts'
import { Ledger } from './ledger.ts'
import { runSql } from './run-sql.ts'

type Entities = Pick<Registry, 'entities' | 'tablePrefix'>

/**
 * Where the tables that migrations made differ from what the entities say, a sentence each; none when they are equal.
 *
 * @param migrated where all migrations have run
 * @param scratch an empty database of the same kind; afterwards it holds the tables of the entities
 */
export async function schemaDrift(
  registry: Entities,
  migrated: Storage,
  scratch: Storage,
): Promise<readonly string[]> {
  const made = schemaLines(await migrated.describeSchema(registry.tablePrefix))
  const declared = schemaLines(await entitiesSchema(scratch, registry))
  return [
    ...[...declared]
      .filter((line) => !made.has(line))
      .map((line) => `no migration makes what the entities say: ${line}`),
    ...[...made]
      .filter((line) => !declared.has(line))
      .map((line) => `no entity says what the migrations make: ${line}`),
  ]
}

/** Creates every table straight from its entity, and the ledger; answers the description of the schema. */
async function entitiesSchema(storage: Storage, { entities, tablePrefix }: Entities): Promise<string> {
  const target = { dialect: storage.capabilities.dialect, sql: storage.sql, prefix: tablePrefix }
  await new Ledger(storage, tablePrefix).create()
  await storage.write({ tenantId: WHOLE_INSTANCE }, async (connection) => {
    for (const { table } of referredFirst(entities)) {
      for (const statement of createTableSql(target, table))
        await runSql(connection, target.dialect, statement)
    }
  })
  return storage.describeSchema(tablePrefix)
}

/**
 * Each line with its table before it, so that lines can be compared on their own. Indexes over keys of a JSON column are
 * left out: people ask for them and take them back, and neither entities nor migrations know.
 */
export function schemaLines(description: string): ReadonlySet<string> {
  let table = ''
  const lines = new Set<string>()
  for (const line of description.split('\n').filter((one) => one.trim() !== '' && !KEY_INDEX.test(one))) {
    if (!line.startsWith(' ')) table = line
    lines.add(line.startsWith(' ') ? `${table}: ${line.trim()}` : table)
  }
  return lines
}

function referredFirst(entities: Entities['entities']): ReadonlySet<RegisteredEntity> {
  const byTable = new Map([...entities.values()].map((one) => [one.table.name, one]))
  const visited = new Set<RegisteredEntity>()
  const ordered = new Set<RegisteredEntity>()
  const visit = (entity: RegisteredEntity): void => {
    if (visited.has(entity)) return
    visited.add(entity)
    for (const key of entity.table.foreignKeys) {
      const target = byTable.get(key.table)
      if (target) visit(target)
    }
    ordered.add(entity)
  }
  for (const entity of entities.values()) visit(entity)
  return ordered
}
