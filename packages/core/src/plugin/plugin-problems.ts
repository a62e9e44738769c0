import { AnyEvent } from '../event/domain-event.ts'
import { openapiProblems } from '../http/openapi.ts'
import { routeKey } from '../http/router.ts'
import { limitProblem } from '../limits/limits.options.ts'
import { liveProblems } from '../live/live-entities.ts'
import { scheduleProblems } from '../schedule/schedule-problems.ts'
import type { AnyPlugin, AnyPluginFactory } from './plugin.ts'
import type { Registry } from './registry.ts'
import { isRange, isVersion, satisfies } from './version-range.ts'

/** True for what a plugin's factory answered. */
export function isPlugin(value: unknown): value is AnyPlugin {
  return (value as Partial<AnyPlugin> | null | undefined)?.$$type === 'clientele/plugin'
}

/** What stands in the list of plugins and is none, such as a factory that was not called. */
export function strangers(given: readonly unknown[]): string[] {
  return given.flatMap((one, index) => {
    if (isPlugin(one)) return []
    const id = typeof one === 'function' && (one as Partial<AnyPluginFactory>).pluginId
    return [
      id
        ? `plugins[${index}] is the factory of plugin "${id}"; call it: ${id}()`
        : `plugins[${index}] is no plugin; list what a plugin's factory answers, such as customers()`,
    ]
  })
}

/** What is wrong with the plugins' ids and versions, and with the versions they ask for. */
export function identityProblems(plugins: readonly AnyPlugin[], coreVersion: string): string[] {
  const problems: string[] = []
  const versions = new Map<string, string>()
  for (const { id, version, definition } of plugins) {
    const of = `plugin "${id}"`
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(id) || id === 'core') {
      problems.push(`${of}: an id is lower-case letters, digits and hyphens, at most 31, and not "core"`)
    }
    if (versions.has(id)) problems.push(`${of} is installed twice; list it once`)
    if (!isVersion(version))
      problems.push(`${of}: version "${version}" is not a semver version such as 1.2.0`)
    versions.set(id, version)
    const { core } = definition.requires
    if (!isRange(core)) problems.push(`${of}: requires.core "${core}" is not a semver range such as ^0.1.0`)
    else if (!satisfies(coreVersion, core)) {
      problems.push(
        `${of} needs @clientele/core ${core}, but ${coreVersion} is installed; install matching versions`,
      )
    }
  }
  for (const { id, definition } of plugins) {
    for (const [other, range] of Object.entries(definition.requires.plugins ?? {})) {
      const version = versions.get(other)
      if (!isRange(range))
        problems.push(`plugin "${id}": requires.plugins.${other} "${range}" is not a semver range`)
      else if (version && isVersion(version) && !satisfies(version, range)) {
        problems.push(`plugin "${id}" needs plugin "${other}" ${range}, but ${version} is installed`)
      }
    }
  }
  return problems
}

/** What is wrong with the parts that plugins put together: routes, handlers, settings, the tables' prefix. */
export function registryProblems(registry: Registry): string[] {
  return [
    ...routeProblems(registry),
    ...handlerProblems(registry),
    ...settingsProblems(registry),
    ...prefixProblems(registry),
    ...scheduleProblems(registry),
    ...liveProblems(registry),
  ]
}

function routeProblems(registry: Registry): string[] {
  const problems: string[] = []
  const seen = new Map<string, string>()
  for (const { pluginId, name, route } of registry.routes) {
    const of = `plugin "${pluginId}": route "${name}"`
    const { path, permission } = route.definition
    const key = routeKey(route.method, path)
    const known = seen.get(key)
    if (known) problems.push(`${of}: ${route.method.toUpperCase()} ${path} is already taken by ${known}`)
    seen.set(key, of)
    if (!permission) {
      problems.push(
        `${of} names no permission; name one, or "authenticated", or "public" to open it to everyone`,
      )
    } else if (
      permission !== 'public' &&
      permission !== 'authenticated' &&
      !registry.permissions.has(permission)
    ) {
      problems.push(`${of}: no installed plugin declares the permission "${permission}"`)
    }
    if (!path.startsWith('/')) problems.push(`${of}: path "${path}" must start with /`)
    const { rateLimit } = route.definition
    const limit = rateLimit && limitProblem(rateLimit)
    if (limit) problems.push(`${of}: rateLimit: ${limit}`)
  }
  return [...problems, ...openapiProblems(registry)]
}

function handlerProblems(registry: Registry): string[] {
  const problems: string[] = []
  const ids = new Set<string>()
  for (const { plugin } of registry.plugins) {
    for (const { id, event } of plugin.definition.handlers ?? []) {
      if (ids.has(id))
        problems.push(
          `plugin "${plugin.id}": handler id "${id}" is used twice; ids name jobs and must be unique`,
        )
      ids.add(id)
      if (event !== AnyEvent && !registry.events.has(event.name)) {
        problems.push(
          `plugin "${plugin.id}": handler "${id}" waits for "${event.name}", which no installed plugin declares in events`,
        )
      }
    }
  }
  return problems
}

function settingsProblems(registry: Registry): string[] {
  return [...registry.settings.values()]
    .filter(({ schema }) => !schema.safeParse({}).success)
    .map(({ name }) => `settings "${name}": every field needs a default, so that a new tenant works at once`)
}

function prefixProblems({ tablePrefix }: Registry): string[] {
  if (/^[a-z][a-z0-9_]*_$/.test(tablePrefix)) return []
  return [`tablePrefix "${tablePrefix}": must be lower-case letters, digits and _, and end in _`]
}
