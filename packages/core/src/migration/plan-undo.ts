import { coreErrors } from '../errors/core.errors.ts'
import { dependencyIds } from '../plugin/order-plugins.ts'
import type { InstalledPlugin, RegisteredMigration, Registry } from '../plugin/registry.ts'
import { keyOf, type LedgerEntry } from './ledger.ts'

export interface UndoOptions {
  /** Only migrations of this plugin. */
  readonly plugin?: string
  /** The last so many. @default the last batch: what the last `up` ran (of the plugin, when one is named) */
  readonly steps?: number
}

type Installed = Pick<Registry, 'plugins' | 'migrations'>

/**
 * Which migrations to undo, in the order in which to do it.
 * @throws `migration.cannot_undo` for a plugin that is not installed, and where others build on what would go
 */
export function planUndo(
  applied: readonly LedgerEntry[],
  installed: Installed,
  { plugin, steps }: UndoOptions,
): readonly RegisteredMigration[] {
  const order = new Map(installed.migrations.map((one, index) => [keyOf(one), index]))
  const candidates = applied
    .filter((entry) => plugin === undefined || entry.pluginId === plugin)
    .toSorted((a, b) => b.batch - a.batch || (order.get(keyOf(b)) ?? -1) - (order.get(keyOf(a)) ?? -1))
  const chosen = candidates.filter((entry, place) =>
    steps === undefined ? entry.batch === candidates[0]?.batch : place < steps,
  )
  const keys = new Set(chosen.map(keyOf))
  const kept = applied.filter((entry) => !keys.has(keyOf(entry)))
  return chosen.map((entry) => {
    const migration = installed.migrations[order.get(keyOf(entry)) ?? -1]
    if (!migration)
      throw cannotUndo(entry, 'it is not installed; install the plugin in the version that has it')
    refuseWhereNeeded(entry, kept, installed.plugins)
    return migration
  })
}

/** What was applied before cannot build on it; what was applied with it or later may. */
function refuseWhereNeeded(
  entry: LedgerEntry,
  kept: readonly LedgerEntry[],
  plugins: readonly InstalledPlugin[],
): void {
  const above = plugins.filter(({ id }) => dependsOn(id, entry.pluginId, plugins)).map(({ id }) => id)
  const inTheWay = kept
    .filter(({ pluginId, batch }) => above.includes(pluginId) && batch >= entry.batch)
    .map(keyOf)
  if (inTheWay.length > 0) throw cannotUndo(entry, `${inTheWay.join(', ')} may build on it; undo that first`)
}

function dependsOn(id: string, lower: string, plugins: readonly InstalledPlugin[]): boolean {
  const plugin = plugins.find((one) => one.id === id)?.plugin
  if (!plugin || id === lower) return false
  if (lower === 'core') return true
  return dependencyIds(plugin).some(
    (dependency) => dependency === lower || dependsOn(dependency, lower, plugins),
  )
}

function cannotUndo({ pluginId, name }: LedgerEntry, reason: string): Error {
  return coreErrors['migration.cannot_undo']({ plugin: pluginId, name, reason })
}
