import type { Credentials } from '@clientele/core'
import { authErrors } from '../auth.errors.ts'
import type { AuthConfig } from '../auth.options.ts'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a request that changes something and that a page of another site may have made: browsers send the cookie
 * along by themselves. What a browser says of itself decides (`Sec-Fetch-Site`); else the `Origin`; a request with
 * neither is refused, as nothing but a browser has reason to use the cookie.
 *
 * @throws `auth.cross_site`
 */
export function requireSameSite(
  { method, headers }: Pick<Credentials, 'method' | 'headers'>,
  { baseUrl, origins }: AuthConfig,
): void {
  if (SAFE.has(method)) return
  const { origin, 'sec-fetch-site': site } = headers
  const own = new Set([baseUrl, ...origins].map((url) => new URL(url).origin))
  if (site === 'same-origin' || (origin !== undefined && own.has(origin))) return
  throw authErrors['auth.cross_site']({ origin: (origin ?? site ?? 'unknown').slice(0, 200) })
}
