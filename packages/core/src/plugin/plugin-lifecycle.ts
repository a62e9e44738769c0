import type { Ctx } from '../context/context.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { thrownText } from '../ports/loggable.ts'
import type { InstalledPlugin } from './registry.ts'

/**
 * Starts plugins in order and notes each in `started`, so that those can be stopped when a later one fails.
 * @throws `plugin.start_failed` naming the plugin, or the plugin's own error
 */
export async function startPlugins(
  plugins: readonly InstalledPlugin[],
  started: InstalledPlugin[],
  ctx: Ctx,
): Promise<void> {
  for (const installed of plugins) {
    try {
      await installed.plugin.definition.start?.(ctx, installed.options)
    } catch (cause) {
      if (isClienteleError(cause)) throw cause
      const reason = cause instanceof Error ? cause.message : thrownText(cause)
      throw coreErrors['plugin.start_failed']({ plugin: installed.id, reason }, { cause })
    }
    started.push(installed)
  }
}

/** Stops what was started, the last first. A plugin that fails to stop must not keep the others from stopping. */
export async function stopPlugins(started: InstalledPlugin[], ctx: Ctx): Promise<void> {
  for (const { id, plugin, options } of started.splice(0).reverse()) {
    try {
      await plugin.definition.stop?.(ctx, options)
    } catch (error) {
      ctx.log.error({ plugin: id, err: error }, 'plugin failed to stop')
    }
  }
}
