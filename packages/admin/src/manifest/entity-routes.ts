import type { AnyEntity, ListQuerySchema, Registry } from '@clientele/core'

/** Where the rows of an entity are, and what whoever asks may do with them. */
export interface EntityRoutes {
  readonly entity: AnyEntity
  /** Of the collection: `/api/v1/customers`. */
  readonly path: string
  /** Those whose columns the list carries. */
  readonly extensions: readonly AnyEntity[]
  /** Names of routes as `crudRoutes` call them: `get`, `create`, `update`, `remove`, `restore`, … */
  readonly allowed: readonly string[]
}

/** What stands below the path of a collection, and what the panel calls it. */
const NAMES: Readonly<Record<string, string>> = {
  'get /:id': 'get',
  'post ': 'create',
  'patch /:id': 'update',
  'delete /:id': 'remove',
  'post /:id/restore': 'restore',
  'post /bulk': 'bulk',
  'get /export.csv': 'exportCsv',
  'post /export': 'startExport',
}

/** The entities whose rows the API lists, by name; of several lists of one, the first with the shortest path. */
export function entityRoutes(
  { routes }: Registry,
  can: (permission: string) => boolean,
): ReadonlyMap<string, EntityRoutes> {
  const allowed = new Map<string, string[]>()
  for (const { route } of routes) {
    if (!can(route.definition.permission)) continue
    const at = /^(.*?)(\/:id|\/:id\/restore|\/bulk|\/export\.csv|\/export)?$/.exec(route.definition.path)!
    const name = NAMES[`${route.method} ${at[2] ?? ''}`]
    if (name) allowed.set(at[1]!, [...(allowed.get(at[1]!) ?? []), name])
  }
  const found = new Map<string, EntityRoutes>()
  for (const { route } of routes) {
    const { path, permission, query, scope } = route.definition
    const list = (query as Partial<ListQuerySchema> | undefined)?.list
    if (!list || list.paged === false || path.includes(':') || scope === 'instance' || !can(permission))
      continue
    const known = found.get(list.entity.name)
    if (known && known.path.length <= path.length) continue
    const { entity, extensions } = list
    found.set(entity.name, { entity, path, extensions, allowed: allowed.get(path) ?? [] })
  }
  return found
}
