import type { Clientele } from '../../clientele.types.ts'
import type { Command } from '../command.ts'
import { formatTable } from '../table.ts'

export const routes: Command = {
  name: 'routes',
  summary: 'List the routes with the permission each needs',
  options: {
    json: { type: 'boolean', description: 'A JSON array: method, path, permission, plugin, summary' },
  },
  async run({ values, io, cdp }) {
    const found = routesOf(cdp)
    io.stdout.write(values['json'] ? `${JSON.stringify(found)}\n` : tableOf(found))
  },
}

interface ListedRoute {
  readonly method: string
  readonly path: string
  readonly permission: string
  readonly plugin: string
  readonly summary: string
}

/** The parts of the OpenAPI document that are read here. */
interface Operation {
  /** `plugin.route`. */
  readonly operationId: string
  readonly summary?: string
  readonly 'x-permission': string
}

function tableOf(found: readonly ListedRoute[]): string {
  const rows = found.map(({ method, path, permission, plugin }) => [method, path, permission, plugin])
  return formatTable(['method', 'path', 'permission', 'plugin'], rows)
}

function routesOf(cdp: Clientele): ListedRoute[] {
  const paths = cdp.openapi()['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      permission: operation['x-permission'],
      plugin: operation.operationId.slice(0, operation.operationId.indexOf('.')),
      summary: operation.summary ?? '',
    })),
  )
}
