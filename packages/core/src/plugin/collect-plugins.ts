import * as z from 'zod'
import type { Provider } from '../di/token.ts'
import { serviceProblems, type OwnedProvider } from '../di/container.ts'
import type { DomainEvent, EventHandler } from '../event/domain-event.ts'
import type { Route } from '../http/route.ts'
import type { JobHandler } from '../job/job.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { SettingsKinds, type Settings } from '../settings/settings.ts'
import { orderPlugins } from './order-plugins.ts'
import { identityProblems, isPlugin, registryProblems, strangers } from './plugin-problems.ts'
import type { AnyPlugin, AnyPluginDefinition, PermissionDefinition } from './plugin.ts'
import { registerEntities } from './register-entities.ts'
import type {
  InstalledPlugin,
  RegisteredCrud,
  RegisteredMigration,
  RegisteredRoute,
  Registry,
} from './registry.ts'

interface Collected {
  readonly registry: Registry
  readonly providers: readonly OwnedProvider[]
  /** Every configuration error, each naming its plugin and the way out. Empty when all is well. */
  readonly problems: readonly string[]
}

/** Merges what the plugins declare into one registry, before any code of theirs runs. */
export function collectPlugins(
  given: readonly AnyPlugin[],
  options: {
    readonly corePlugin: AnyPlugin
    readonly coreVersion: string
    readonly tablePrefix: string
    readonly overrides: readonly Provider[]
  },
): Collected {
  const plugins = given.filter(isPlugin)
  const problems = [...strangers(given), ...identityProblems(plugins, options.coreVersion)]
  const { ordered, problems: orderProblems } = orderPlugins(plugins)
  problems.push(...orderProblems)
  const installed = [options.corePlugin, ...ordered].map((plugin) => install(plugin, problems))
  const entities = registerEntities(installed, options.tablePrefix)
  problems.push(...entities.problems)
  const providers = installed.flatMap((one) => providersOf(one, problems))
  problems.push(...serviceProblems(providers, options.overrides))
  const settings = uniqueBy(
    installed,
    'settings',
    (d): Settings[] => [...(d.settings ?? [])],
    (s) => s.name,
    problems,
  )
  const registry: Registry = {
    tablePrefix: options.tablePrefix,
    plugins: installed,
    entities: entities.byName,
    tables: entities.byPhysicalName,
    permissions: permissionsOf(installed, problems),
    routes: installed.flatMap((one) => routesOf(one, entities.byName)),
    crud: crudOf(installed, entities.byName),
    events: uniqueBy(
      installed,
      'domain event',
      (d): DomainEvent[] => [...(d.events ?? [])],
      (e) => e.name,
      problems,
    ),
    handlers: groupHandlers(installed),
    jobs: uniqueBy(
      installed,
      'job',
      (d): JobHandler[] => [...(d.jobs ?? [])],
      (h) => h.job.name,
      problems,
    ),
    schedules: uniqueBy(
      installed,
      'schedule',
      (d): Schedule[] => [...(d.schedules ?? [])],
      (s) => s.name,
      problems,
    ),
    subscribers: installed.flatMap(({ plugin }) => plugin.definition.changes ?? []),
    contributions: groupContributions(installed).set(SettingsKinds.id, [...settings.values()]),
    settings,
    migrations: installed.flatMap((one) => migrationsOf(one, problems)),
  }
  problems.push(...registryProblems(registry))
  return { registry, providers, problems }
}

function install(plugin: AnyPlugin, problems: string[]): InstalledPlugin {
  const schema = plugin.definition.options as z.ZodType | undefined
  if (!schema) {
    if (plugin.options !== undefined) problems.push(`plugin "${plugin.id}" takes no options`)
    return { id: plugin.id, plugin, options: undefined }
  }
  const parsed = schema.safeParse(plugin.options ?? {})
  if (parsed.success) return { id: plugin.id, plugin, options: parsed.data }
  for (const issue of parsed.error.issues) {
    const path = issue.path.length > 0 ? `option ${issue.path.join('.')}` : 'options'
    problems.push(`plugin "${plugin.id}": ${path}: ${issue.message}`)
  }
  return { id: plugin.id, plugin, options: undefined }
}

function providersOf({ id, plugin, options }: InstalledPlugin, problems: string[]): OwnedProvider[] {
  const owner = `plugin "${id}"`
  // A factory of services may read its options, so wrong ones must not reach it.
  if (plugin.definition.options && options === undefined) return []
  try {
    return (plugin.definition.services?.(options) ?? []).map((provider) => ({ ...provider, owner }))
  } catch (error) {
    problems.push(`${owner}: services(): ${error instanceof Error ? error.message : String(error)}`)
    return []
  }
}

function permissionsOf(installed: readonly InstalledPlugin[], problems: string[]): Registry['permissions'] {
  const permissions = new Map<string, PermissionDefinition & { pluginId: string }>()
  for (const { id, plugin } of installed) {
    const declared = Object.entries(plugin.definition.permissions ?? {})
    for (const [key, definition] of declared) {
      const known = permissions.get(key)
      if (known)
        problems.push(`permission "${key}" is declared by both plugin "${known.pluginId}" and plugin "${id}"`)
      if (!/^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/.test(key)) {
        problems.push(`plugin "${id}": permission "${key}" is not of the form noun:verb, such as orders:read`)
      }
      permissions.set(key, { ...definition, pluginId: id })
    }
  }
  return permissions
}

function routesOf({ id, plugin }: InstalledPlugin, entities: Registry['entities']): RegisteredRoute[] {
  const routes = (plugin.definition.routes ?? {}) as Readonly<Record<string, RegisteredRoute['route']>>
  return Object.entries(routes).map(([name, route]) => {
    if (!route.extended) return { pluginId: id, name, route }
    const extensions = entities.get(route.extended.entity.name)?.extensions ?? []
    return { pluginId: id, name, route: route.extended.by(extensions.map((one) => one.entity)) }
  })
}

function crudOf(
  installed: readonly InstalledPlugin[],
  entities: Registry['entities'],
): ReadonlyMap<string, RegisteredCrud> {
  const routes = installed.flatMap(({ plugin }): Route[] => Object.values(plugin.definition.routes ?? {}))
  const marks = routes.flatMap(({ crud }) => (crud ? [crud] : []))
  return new Map(
    marks.flatMap(({ entity, ...mark }) => {
      const registered = entities.get(entity.name)
      return registered ? [[entity.name, { ...mark, entity: registered }] as const] : []
    }),
  )
}

function migrationsOf({ id, plugin }: InstalledPlugin, problems: string[]): RegisteredMigration[] {
  const migrations = Object.entries(plugin.definition.migrations ?? {})
  for (const [name] of migrations) {
    if (!/^\d{4}-[a-z0-9-]+$/.test(name)) {
      problems.push(`plugin "${id}": migration "${name}" must be named like 0001-orders`)
    }
  }
  return migrations
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, migration]) => ({ pluginId: id, name, migration }))
}

function groupHandlers(installed: readonly InstalledPlugin[]): Registry['handlers'] {
  const all = installed.flatMap(({ plugin }): readonly EventHandler[] => plugin.definition.handlers ?? [])
  return Map.groupBy(all, (handler) => handler.event.name)
}

function groupContributions(installed: readonly InstalledPlugin[]): Map<string, unknown[]> {
  const grouped = new Map<string, unknown[]>()
  for (const { plugin, options } of installed) {
    const { contributes = [] } = plugin.definition
    if (typeof contributes === 'function' && plugin.definition.options && options === undefined) continue
    for (const { pointId, value } of typeof contributes === 'function' ? contributes(options) : contributes) {
      grouped.set(pointId, [...(grouped.get(pointId) ?? []), value])
    }
  }
  return grouped
}

function uniqueBy<T>(
  installed: readonly InstalledPlugin[],
  what: string,
  listOf: (definition: AnyPluginDefinition) => readonly T[],
  keyOf: (item: T) => string,
  problems: string[],
): ReadonlyMap<string, T> {
  const owners = new Map<string, string>()
  const byKey = new Map<string, T>()
  for (const { id, plugin } of installed) {
    for (const item of listOf(plugin.definition)) {
      const key = keyOf(item)
      const known = owners.get(key)
      if (known !== undefined)
        problems.push(`${what} "${key}" is declared by both plugin "${known}" and plugin "${id}"`)
      owners.set(key, id)
      byKey.set(key, item)
    }
  }
  return byKey
}
