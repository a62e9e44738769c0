import { Commands, type Command } from '../cli/command.ts'
import { systemContext } from '../context/system-context.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { TenantDirectory } from '../tenant/tenant-directory.ts'
import { observeErrors } from './observe.errors.ts'
import type { Operate } from './operate.ts'

interface Parts {
  readonly runtime: Runtime
  /** Opens the storage when it is not. */
  readonly open: () => Promise<void>
  readonly state: () => Operate['state']
  /** As the composition gave them. */
  readonly keys: string | undefined
}

/** All of it is loaded when it is first asked for: most processes never do. */
export function createOperate({ runtime, open, state, keys }: Parts): Operate {
  let metrics: Promise<() => Promise<string>> | undefined
  let health: ReturnType<typeof makeHealth> | undefined
  const makeHealth = async () => (await import('./health.ts')).healthReader(runtime)
  const makeMetrics = async () =>
    (await import('./read-metrics.ts')).metricsReader(runtime, () => state() === 'started')
  /** A database that is not there must not be made by looking for it. */
  const openExisting = async (): Promise<void> => {
    if (runtime.storage.exists?.() === false)
      throw observeErrors['observe.no_database']({ storage: runtime.storage.id })
    await open()
  }
  return {
    get state() {
      return state()
    },
    get commands() {
      return (runtime.registry.contributions.get(Commands.id) ?? []) as readonly Command[]
    },
    async tenants() {
      const ctx = systemContext(runtime)
      return ctx.get(TenantDirectory).list(ctx)
    },
    async health() {
      await openExisting()
      return (await (health ??= makeHealth()))()
    },
    async metrics() {
      return (await (metrics ??= makeMetrics()))()
    },
    async diagnose(options) {
      const { diagnose } = await import('./diagnose.ts')
      return diagnose(runtime, { ...options, open, keys })
    },
    async backup(file, options) {
      await openExisting()
      const { backUp } = await import('./backup.ts')
      return backUp(runtime, file, options)
    },
    async draftMigration(pluginId) {
      const { draftMigration } = await import('../migration/draft-migration.ts')
      return draftMigration(runtime, pluginId)
    },
  }
}
