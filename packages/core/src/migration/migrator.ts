import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { RegisteredMigration, Registry } from '../plugin/registry.ts'
import { toTimestamp, type Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Connection, Storage } from '../storage/storage.ts'
import { CORE_VERSION } from '../version.ts'
import { keyOf, Ledger, type LedgerEntry, type MigrationKey } from './ledger.ts'
import type { MigrationTools } from './migration.ts'
import { createMigrationTools } from './migration-tools.ts'
import { planUndo, type UndoOptions } from './plan-undo.ts'

export interface MigratorParts {
  readonly storage: Storage
  readonly registry: Pick<Registry, 'plugins' | 'migrations' | 'entities' | 'tablePrefix'>
  readonly logger: Logger
  readonly clock: Clock
}

/** Brings the database to the schema that the installed plugins expect, and back. */
export interface Migrator {
  /**
   * Runs what has not run, in plugin order; answers what ran as `plugin/name`. Any number of processes may call it
   * at once: one works, the others wait and find nothing left.
   * @throws `migration.failed`: nothing of that migration was kept; those before it were
   */
  up(): Promise<readonly string[]>
  /**
   * Undoes in reverse order; answers what was undone as `plugin/name`.
   * @throws `migration.cannot_undo` before anything is undone; `migration.failed`
   */
  down(options?: UndoOptions & { readonly dryRun?: boolean }): Promise<readonly string[]>
  status(): Promise<MigrationStatus>
}

/** Where the database stands, compared with what is installed. */
export interface MigrationStatus {
  readonly applied: readonly { readonly plugin: string; readonly name: string; readonly at: string }[]
  readonly pending: readonly { readonly plugin: string; readonly name: string }[]
  /** In the ledger, but of a plugin or name that is not installed. Reported, never dropped. */
  readonly orphans: readonly { readonly plugin: string; readonly name: string }[]
}

/** Makes the migrator of a composition. The storage must be open when it is used. */
export function createMigrator({ storage, registry, logger, clock }: MigratorParts): Migrator {
  const ledger = new Ledger(storage, registry.tablePrefix)
  const pendingAfter = (applied: readonly LedgerEntry[]): readonly RegisteredMigration[] => {
    const known = new Set(applied.map(keyOf))
    return registry.migrations.filter((one) => !known.has(keyOf(one)))
  }

  const runPending = async (): Promise<readonly RegisteredMigration[]> => {
    await ledger.create()
    const applied = await ledger.read()
    const pending = pendingAfter(applied)
    const batch = Math.max(0, ...applied.map((entry) => entry.batch)) + 1
    for (const one of pending) {
      await run(one, 'up', (connection) =>
        ledger.add(connection, {
          ...one,
          batch,
          executedAt: toTimestamp(clock.now()),
          coreVersion: CORE_VERSION,
        }),
      )
    }
    return pending
  }

  const run = async (
    { pluginId, name, migration }: RegisteredMigration,
    direction: 'up' | 'down',
    record: (connection: Connection) => Promise<void>,
  ): Promise<void> => {
    const startedAt = clock.now()
    try {
      await storage.write({ tenantId: WHOLE_INSTANCE }, async (connection) => {
        const tools: MigrationTools = createMigrationTools({
          storage,
          connection,
          prefix: registry.tablePrefix,
        })
        await migration[direction](tools)
        await record(connection)
      })
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw coreErrors['migration.failed']({ plugin: pluginId, name, direction, reason }, { cause })
    }
    logger.info({ plugin: pluginId, migration: name, direction, ms: clock.now() - startedAt }, 'migrated')
  }

  return {
    async up() {
      const ran =
        pendingAfter(await ledger.read()).length === 0 ? [] : await storage.lock('migrate', runPending)
      await secure(storage, registry)
      return ran.map(keyOf)
    },

    async down(options = {}) {
      return storage.lock('migrate', async () => {
        const undo = planUndo(await ledger.read(), registry, options)
        if (options.dryRun) return undo.map(keyOf)
        for (const one of undo) {
          await run(one, 'down', (connection) => ledger.remove(connection, one))
        }
        return undo.map(keyOf)
      })
    },

    async status() {
      const applied = storage.exists?.() === false ? [] : await ledger.read()
      const installed = new Set(registry.migrations.map(keyOf))
      return {
        applied: applied.map(({ pluginId, name, executedAt }) => ({
          plugin: pluginId,
          name,
          at: executedAt,
        })),
        pending: pendingAfter(applied).map(named),
        orphans: applied.filter((entry) => !installed.has(keyOf(entry))).map(named),
      }
    },
  }
}

function named({ pluginId, name }: MigrationKey): { readonly plugin: string; readonly name: string } {
  return { plugin: pluginId, name }
}

/** Row-level security follows the tables that are there now, also where it was switched on later. */
async function secure(storage: Storage, { entities }: Pick<Registry, 'entities'>): Promise<void> {
  if (!storage.capabilities.rowLevelSecurity || !storage.secure) return
  await storage.secure(
    [...entities.values()].filter((one) => one.tenancy === 'tenant').map((one) => one.physicalName),
  )
}
