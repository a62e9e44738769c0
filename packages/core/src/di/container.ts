import 'reflect-metadata'
import { container as globalContainer, type DependencyContainer } from 'tsyringe'
import type { Provider, ServiceToken } from './token.ts'

/** Services of one instance. The only file that speaks to tsyringe. */
export interface ServiceContainer {
  get<S>(token: ServiceToken<S>): S
  /** Disposes what was made, in reverse order of creation. */
  dispose(): Promise<void>
}

/**
 * Missing, duplicate and cyclic services, as sentences; empty when the graph is sound. `tokens` are those the
 * framework itself provides.
 */
export function serviceProblems(
  providers: readonly OwnedProvider[],
  overrides: readonly Provider[],
): string[] {
  const problems: string[] = []
  const owners = new Map<string, OwnedProvider>()
  for (const provider of providers) {
    const known = owners.get(provider.token.id)
    if (known)
      problems.push(`service "${provider.token.id}" is provided by both ${known.owner} and ${provider.owner}`)
    else owners.set(provider.token.id, provider)
  }
  for (const { token } of overrides) {
    if (!owners.has(token.id)) {
      problems.push(`override of service "${token.id}": no installed plugin provides it`)
    }
  }
  const graph = new Map([...owners].map(([id, p]) => [id, p.deps]))
  for (const { token, deps } of overrides) if (graph.has(token.id)) graph.set(token.id, deps)
  for (const [id, deps] of graph) {
    for (const dep of Object.values(deps)) {
      if (!graph.has(dep.id))
        problems.push(`service "${id}" needs "${dep.id}", which no installed plugin provides`)
    }
  }
  const cycle = findCycle(graph)
  if (cycle) problems.push(`services need each other in a circle: ${cycle.join(' → ')}`)
  return problems
}

export interface OwnedProvider extends Provider {
  /** `plugin "orders"`, for messages. */
  readonly owner: string
}

/** Builds the container; the graph has been checked with {@link serviceProblems}. */
export function createContainer(
  providers: readonly Provider[],
  overrides: readonly Provider[],
): ServiceContainer {
  // A child of the global container: several instances live in one process without seeing each other.
  const container = globalContainer.createChildContainer()
  const made: (() => void | Promise<void>)[] = []
  const effective = new Map(providers.map((p) => [p.token.id, p]))
  for (const override of overrides) effective.set(override.token.id, override)
  for (const provider of effective.values()) register(container, provider, made)
  return {
    get: (token) => container.resolve(token.key),
    async dispose() {
      for (const dispose of made.splice(0).reverse()) await dispose()
    },
  }
}

function register(
  container: DependencyContainer,
  provider: Provider,
  made: (() => void | Promise<void>)[],
): void {
  let instance: { readonly value: unknown } | undefined
  container.register(provider.token.key, {
    // Closes over the app container: tsyringe's own caching factories keep whatever container asked first.
    useFactory: () => {
      if (instance) return instance.value
      const deps = Object.fromEntries(
        Object.entries(provider.deps).map(([name, token]) => [name, container.resolve(token.key)]),
      )
      instance = { value: provider.factory(deps) }
      const { value } = instance
      if (provider.dispose) made.push(() => provider.dispose?.(value))
      return value
    },
  })
}

function findCycle(graph: ReadonlyMap<string, Provider['deps']>): string[] | null {
  const done = new Set<string>()
  const visit = (id: string, path: readonly string[]): string[] | null => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id]
    if (done.has(id)) return null
    for (const dep of Object.values(graph.get(id) ?? {})) {
      const cycle = visit(dep.id, [...path, id])
      if (cycle) return cycle
    }
    done.add(id)
    return null
  }
  for (const id of graph.keys()) {
    const cycle = visit(id, [])
    if (cycle) return cycle
  }
  return null
}
