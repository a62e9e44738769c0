import { corePlugin } from '../core.plugin.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { collectPlugins } from '../plugin/collect-plugins.ts'
import type { AnyPlugin } from '../plugin/plugin.ts'
import { systemClock } from '../ports/clock.ts'
import { silentLogger } from '../ports/logger.ts'
import type { Storage } from '../storage/storage.ts'
import { CORE_VERSION } from '../version.ts'
import { proveRegistry } from './prove-registry.ts'

/**
 * Proves the migrations of a composition on one database: they make exactly the tables of the entities, undoing them
 * leaves nothing, and they run again afterwards. Answers what is wrong, a sentence each; none when all is well.
 *
 * @param storages two empty databases of the same kind, not yet open; they are left open
 * @throws `migration.failed`; `config.invalid`
 * @example
 * expect(await proveMigrations([customers(), orders()], { migrated: sqlite(a), scratch: sqlite(b) })).toEqual([])
 */
export async function proveMigrations(
  plugins: readonly AnyPlugin[],
  storages: { readonly migrated: Storage; readonly scratch: Storage },
): Promise<readonly string[]> {
  const { registry, problems } = collectPlugins(plugins, {
    corePlugin: corePlugin(),
    coreVersion: CORE_VERSION,
    tablePrefix: 'clientele_',
    overrides: [],
  })
  if (problems.length > 0) throw coreErrors['config.invalid']({ problems })
  const host = {
    logger: silentLogger(),
    clock: systemClock(),
    columnType: (table: string, column: string) =>
      registry.tables.get(table)?.table.columns.find(({ name }) => name === column)?.type,
  }
  await storages.migrated.open(host)
  await storages.scratch.open(host)
  return proveRegistry({ ...host, registry, ...storages })
}
