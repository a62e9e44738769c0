import type { CompiledRoute } from './compiled-route.ts'
import type { HttpRequest } from './request.ts'

/** How long a browser may remember the answer to a preflight: a day, where it keeps one that long. */
const REMEMBERED_S = '86400'

/** What lets a script of another site read the answer; nothing for routes that are not open to them. */
export function corsHeaders(route: CompiledRoute | undefined): Record<string, string> {
  if (route?.route.definition.cors !== 'any') return {}
  return {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'retry-after, x-request-id',
    'cross-origin-resource-policy': 'cross-origin',
  }
}

/** The answer to a browser that asks whether it may make a request: any header, but no cookies. */
export function preflightHeaders(route: CompiledRoute, { headers }: HttpRequest): Record<string, string> {
  if (route.route.definition.cors !== 'any') return {}
  return {
    ...corsHeaders(route),
    'access-control-allow-methods': route.route.method.toUpperCase(),
    // Named and not `*`, which does not stand for `authorization`.
    'access-control-allow-headers': plainNames(headers['access-control-request-headers']),
    'access-control-max-age': REMEMBERED_S,
  }
}

function plainNames(asked = ''): string {
  const names = asked.split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => /^[a-z0-9-]{1,64}$/.test(name)).join(', ')
}
