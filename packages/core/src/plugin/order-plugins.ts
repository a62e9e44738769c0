import type { AnyPlugin, AnyPluginFactory } from './plugin.ts'

/** Plugins in dependency order, stable by their place in the list; what is missing or circular as sentences. */
export function orderPlugins(plugins: readonly AnyPlugin[]): {
  readonly ordered: readonly AnyPlugin[]
  readonly problems: readonly string[]
} {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]))
  const problems = new Set<string>()
  const ordered = new Set<AnyPlugin>()
  const visit = (plugin: AnyPlugin, path: readonly string[]): void => {
    if (ordered.has(plugin)) return
    if (path.includes(plugin.id)) {
      problems.add(
        `plugins depend on each other in a circle: ${[...path.slice(path.indexOf(plugin.id)), plugin.id].join(' → ')}`,
      )
      return
    }
    for (const id of dependencyIds(plugin)) {
      const dependency = byId.get(id)
      if (dependency) visit(dependency, [...path, plugin.id])
      else
        problems.add(
          `plugin "${plugin.id}" depends on "${id}", which is not installed; add ${id}() to the plugins`,
        )
    }
    ordered.add(plugin)
  }
  for (const plugin of byId.values()) visit(plugin, [])
  return { ordered: [...ordered], problems: [...problems] }
}

/** The ids of the plugins a plugin depends on. */
export function dependencyIds(plugin: AnyPlugin): string[] {
  return ((plugin.definition.dependsOn ?? []) as readonly AnyPluginFactory[]).map(
    (factory) => factory.pluginId ?? '(unnamed)',
  )
}
