import { createHash } from 'node:crypto'
import { honoursIdempotencyKey } from '../idempotency/key-use.ts'
import type { RegisteredRoute, Registry } from '../plugin/registry.ts'
import { matchesNone } from './etag.ts'
import { baseHeaders } from './problem.ts'
import type { SystemEndpoint } from './system-endpoints.ts'

/**
 * Answers what the typed client must know at run time: where each route is, by plugin and name. Kept by caches, which
 * ask each time whether it is still the same.
 */
export function clientRoutes(registry: Pick<Registry, 'routes'>): SystemEndpoint['respond'] {
  let made: { readonly body: string; readonly etag: string } | undefined
  return async ({ headers: asked }, requestId) => {
    made ??= tagged(JSON.stringify(routesByName(registry.routes)))
    const { body, etag } = made
    const headers = baseHeaders(requestId, 'application/json; charset=utf-8')
    Object.assign(headers, { etag, 'cache-control': 'no-cache' })
    if (matchesNone(asked, etag)) {
      delete headers['content-type']
      return { status: 304, headers, body: null }
    }
    headers['content-length'] = String(Buffer.byteLength(body))
    return { status: 200, headers, body }
  }
}

function tagged(body: string): { readonly body: string; readonly etag: string } {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"` }
}

function routesByName(routes: readonly RegisteredRoute[]): Record<string, Record<string, string>> {
  const table: Record<string, Record<string, string>> = {}
  for (const { pluginId, name, route } of routes) {
    const { path, response, produces } = route.definition
    const marks = [
      ...(response === undefined && produces !== undefined ? ['stream'] : []),
      ...(honoursIdempotencyKey(route) ? ['once'] : []),
    ]
    const own = (table[pluginId] ??= {})
    own[name] = [route.method.toUpperCase(), path, ...marks].join(' ')
  }
  return table
}
