import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { PermissionDefinition } from './plugin.ts'

/** A permission that some installed plugin declares. */
export interface KnownPermission extends PermissionDefinition {
  /** `orders:read` */
  readonly key: string
  /** The plugin that declares it. */
  readonly plugin: string
}

/** What there is to be allowed: all permissions of the installed plugins, in plugin order. */
export interface Permissions {
  list(ctx: Ctx): readonly KnownPermission[]
}

export const Permissions = defineService<Permissions>('core.permissions')

export function createPermissions(): Permissions {
  let known: readonly KnownPermission[] | undefined
  return {
    list(ctx) {
      known ??= [...runtimeOf(ctx).registry.permissions].map(([key, { pluginId, ...definition }]) => ({
        ...definition,
        key,
        plugin: pluginId,
      }))
      return known
    },
  }
}
