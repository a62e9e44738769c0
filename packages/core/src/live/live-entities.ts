import type { RegisteredEntity, Registry } from '../plugin/registry.ts'

/** Entity name → the permission to read its rows, for all whose changes live updates tell. */
export function liveEntities(registry: Registry): ReadonlyMap<string, string> {
  const known = maps.get(registry)
  if (known) return known
  const found = new Map<string, string>()
  for (const [name, registered] of registry.entities) {
    const read = readPermission(registry, registered)
    if (read !== undefined) found.set(name, read)
  }
  maps.set(registry, found)
  return found
}

/** Permissions that entities name for their live updates and nobody declares. */
export function liveProblems({ entities, permissions }: Registry): string[] {
  return [...entities.values()].flatMap(({ entity: { name, options }, pluginId }) => {
    const read = typeof options.live === 'object' ? options.live.read : undefined
    if (read === undefined || permissions.has(read)) return []
    return [
      `plugin "${pluginId}": entity "${name}": live: no installed plugin declares the permission "${read}"`,
    ]
  })
}

const maps = new WeakMap<Registry, ReadonlyMap<string, string>>()

/** Without a way to read the rows there is nobody to tell. */
function readPermission({ crud }: Registry, { entity, tenancy }: RegisteredEntity): string | undefined {
  const { live = true } = entity.options
  if (tenancy !== 'tenant' || entity.extension || live === false) return undefined
  return live === true ? crud.get(entity.name)?.read : live.read
}
