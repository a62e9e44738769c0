import type { KnownPermission } from '@clientele/core'

/**
 * The roles that every tenant has: `super_admin` may do everything in the tenant; the others hold what plugins give
 * them by name (`roles: ['admin', 'editor']` of a permission).
 */
export const BUILTIN_ROLES = ['super_admin', 'admin', 'editor', 'viewer'] as const
/** The key of a built-in role. */
export type BuiltinRole = (typeof BUILTIN_ROLES)[number]

export function isBuiltinRole(key: string): key is BuiltinRole {
  return (BUILTIN_ROLES as readonly string[]).includes(key)
}

/** Written out, so that no wildcard reaches what is about all tenants together. */
export function permissionsOfBuiltin(
  role: BuiltinRole,
  known: readonly KnownPermission[],
): ReadonlySet<string> {
  const held = known.filter(
    ({ platform, roles = [] }) => !platform && (role === 'super_admin' || roles.includes(role)),
  )
  return new Set(held.map(({ key }) => key))
}
