/** Who does something. `system` is the framework itself; `anonymous` has no permission at all. */
export interface Actor {
  readonly kind: 'user' | 'key' | 'operator' | 'plugin' | 'system' | 'anonymous'
  /** Stable id, recorded with every change. */
  readonly id: string
  /** Permission keys (`orders:read`), resolved when the actor is built; `*` and `orders:*` are understood. */
  readonly permissions: ReadonlySet<string>
  /** What acts for them: `ai` for an assistant that a user has asked. */
  readonly via?: string
  /**
   * Whether what it does is put on the record. Say `false` for traffic, such as what people do in a shop, and `true` for
   * decisions that the system takes by itself.
   * @default true, but false for `system` and `anonymous`
   */
  readonly audited?: boolean
}

/** The framework itself: jobs, migrations, schedules. */
export const systemActor: Actor = { kind: 'system', id: 'system', permissions: new Set(['*']) }

/** Nobody known: what a public route sees. */
export const anonymousActor: Actor = { kind: 'anonymous', id: 'anonymous', permissions: new Set() }

/** True when the actor holds the permission, by name or by wildcard. */
export function hasPermission(actor: Actor, permission: string): boolean {
  const held = actor.permissions
  return (
    held.has(permission) || held.has('*') || held.has(`${permission.slice(0, permission.indexOf(':'))}:*`)
  )
}
