import type { Storage } from '../storage/storage.ts'
import { schemaDrift, schemaLines } from './drift.ts'
import { Ledger } from './ledger.ts'
import { createMigrator, type MigratorParts } from './migrator.ts'

export interface ProofParts extends Omit<MigratorParts, 'storage'> {
  /** Two empty, open databases of the same kind. */
  readonly migrated: Storage
  readonly scratch: Storage
}

/** Up, compare with the entities, down, look for what was left, up again; answers what is wrong. */
export async function proveRegistry({ migrated, scratch, ...parts }: ProofParts): Promise<readonly string[]> {
  const { tablePrefix } = parts.registry
  const migrator = createMigrator({ ...parts, storage: migrated })
  await new Ledger(migrated, tablePrefix).create()
  const empty = schemaLines(await migrated.describeSchema(tablePrefix))

  const ran = await migrator.up()
  const drift = await schemaDrift(parts.registry, migrated, scratch)
  const first = await migrated.describeSchema(tablePrefix)
  await migrator.down({ steps: ran.length })
  const left = [...schemaLines(await migrated.describeSchema(tablePrefix))].filter((line) => !empty.has(line))
  await migrator.up()
  const second = await migrated.describeSchema(tablePrefix)
  return [
    ...drift,
    ...left.map((line) => `undoing all migrations leaves behind: ${line}`),
    ...(first === second ? [] : ['after up, down and up the schema is another one']),
  ]
}
