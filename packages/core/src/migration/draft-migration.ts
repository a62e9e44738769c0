import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { observeErrors } from '../observe/observe.errors.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { silentLogger } from '../ports/logger.ts'
import type { Storage } from '../storage/storage.ts'
import { createMigrationTools } from './migration-tools.ts'
import { createMigrator } from './migrator.ts'
import { draftSource } from './draft-source.ts'
import { draftSteps, type DraftStep } from './draft-steps.ts'
import { schemaDrift } from './drift.ts'

/** What a plugin's next migration has to do. */
export interface MigrationDraft {
  /** Names that the plugin's migrations have. */
  readonly existing: readonly string[]
  /** The file's text, given the name of its constant; nothing is missing when `steps` and `todo` are empty. */
  source(constant: string): string
  /** What `up` does, a line each. */
  readonly steps: readonly string[]
  /** Differences that no step is known for. */
  readonly todo: readonly string[]
}

/**
 * Runs all migrations on an empty database, compares it with the plugin's entities, tries the steps that should make
 * them equal, and tells what is left.
 *
 * @throws `observe.no_plugin`, `observe.no_scratch`, `migration.failed`
 */
export async function draftMigration(runtime: Runtime, pluginId: string): Promise<MigrationDraft> {
  const { registry, storage } = runtime
  if (!registry.plugins.some(({ id }) => id === pluginId)) {
    throw observeErrors['observe.no_plugin']({
      plugin: pluginId,
      plugins: registry.plugins.map(({ id }) => id),
    })
  }
  const existing = registry.migrations.filter((one) => one.pluginId === pluginId).map(({ name }) => name)
  return withScratch(runtime, async (migrated) => {
    const { clock } = runtime
    await createMigrator({ registry, clock, storage: migrated, logger: silentLogger() }).up()
    const entities = [...registry.entities.values()].filter((one) => one.pluginId === pluginId)
    const steps = await migrated.read(SYSTEM, (connection) =>
      draftSteps(
        connection,
        { dialect: migrated.capabilities.dialect, prefix: registry.tablePrefix },
        entities,
      ),
    )
    await apply(migrated, registry.tablePrefix, steps)
    const todo = await withScratch(runtime, (scratch) => schemaDrift(registry, migrated, scratch))
    return {
      existing,
      steps: steps.map(({ up }) => up),
      todo,
      source: (constant) => draftSource(constant, { steps, todo, dialect: storage.capabilities.dialect }),
    }
  })
}

const SYSTEM = { tenantId: WHOLE_INSTANCE }

async function apply(storage: Storage, prefix: string, steps: readonly DraftStep[]): Promise<void> {
  await storage.write(SYSTEM, async (connection) => {
    const tools = createMigrationTools({ storage, connection, prefix })
    for (const step of steps) await step.apply(tools)
  })
}

/** Runs `work` with an empty database that is gone afterwards. @throws `observe.no_scratch` */
export async function withScratch<T>(
  { storage, registry, clock }: Pick<Runtime, 'storage' | 'registry' | 'clock'>,
  work: (scratch: Storage) => Promise<T>,
): Promise<T> {
  if (!storage.scratch) throw observeErrors['observe.no_scratch']({ storage: storage.id })
  const scratch = storage.scratch()
  try {
    await scratch.open({
      logger: silentLogger(),
      clock,
      columnType: (table, column) =>
        registry.tables.get(table)?.table.columns.find(({ name }) => name === column)?.type,
    })
    return await work(scratch)
  } finally {
    await scratch.close()
  }
}
