import type { Registry, RegisteredRoute } from '../plugin/registry.ts'
import type { Authenticator } from './authenticator.ts'
import { describeOperation, problemSchema } from './openapi-operation.ts'
import { nameSchemas, schemaProblems } from './openapi-schemas.ts'
import { pathProblems } from './router.ts'

export interface OpenApiInfo {
  readonly api?: { readonly title?: string; readonly version?: string }
  readonly authenticators?: readonly Authenticator[]
}

/** The OpenAPI 3.1 document of all routes. `operationId` is `plugin.route`, `x-permission` what a caller needs. */
export function openapiDocument(
  registry: Registry,
  info: OpenApiInfo = {},
): Readonly<Record<string, unknown>> {
  const schemas = nameSchemas(registry)
  const authenticators = info.authenticators ?? []
  const paths: Record<string, Record<string, unknown>> = {}
  const routes = pluginsFirst(registry.routes)
  for (const registered of routes) {
    const path = registered.route.definition.path.replace(/:([A-Za-z0-9]+)/g, '{$1}')
    const item = (paths[path] ??= {})
    item[registered.route.method] = describeOperation(registered, schemas, authenticators)
  }
  return {
    openapi: '3.1.0',
    info: { title: info.api?.title ?? 'Clientele', version: info.api?.version ?? '1.0.0' },
    tags: tagsOf(routes),
    paths,
    components: {
      schemas: { ...schemas.components, Problem: problemSchema },
      securitySchemes: Object.fromEntries(authenticators.map(({ name, scheme }) => [name, scheme])),
    },
  }
}

/**
 * Routes that the document cannot describe: a schema JSON Schema cannot say (dates, maps, transforms of answers), a
 * path that does not fit its parameters. Each names the plugin and the route.
 */
export function openapiProblems(registry: Pick<Registry, 'routes'>): string[] {
  return registry.routes.flatMap((registered) =>
    [...pathProblems(registered.route), ...schemaProblems(registered.route)].map(
      (problem) => `plugin "${registered.pluginId}": route "${registered.name}": ${problem}`,
    ),
  )
}

/** What the installed plugins are for stands before what every installation has. */
function pluginsFirst(routes: readonly RegisteredRoute[]): readonly RegisteredRoute[] {
  const isCore = ({ pluginId }: RegisteredRoute): boolean => pluginId === 'core'
  return [...routes.filter((one) => !isCore(one)), ...routes.filter(isCore)]
}

function tagsOf(routes: readonly RegisteredRoute[]): readonly { readonly name: string }[] {
  const names = routes.flatMap(({ pluginId, route }) => route.definition.tags ?? [pluginId])
  return [...new Set(names)].map((name) => ({ name }))
}
