import type { Credentials, Ctx } from '@clientele/core'
import { AuthConfigured, publicUrl } from '../auth.config.ts'
import { authErrors } from '../auth.errors.ts'

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a request that changes something and that a page of another site may have made: browsers send the cookie
 * along by themselves. What a browser says of itself decides (`Sec-Fetch-Site`); else the `Origin`; a request with
 * neither is refused, as nothing but a browser has reason to use the cookie.
 *
 * @throws `auth.cross_site`
 */
export function requireSameSite(
  ctx: Ctx,
  { method, headers }: Pick<Credentials, 'method' | 'headers'>,
): void {
  if (SAFE.has(method)) return
  const { origin, 'sec-fetch-site': site } = headers
  const { origins } = ctx.get(AuthConfigured)
  const own = new Set([publicUrl(ctx), ...origins].map((url) => new URL(url).origin))
  if (site === 'same-origin' || (origin !== undefined && own.has(origin))) return
  throw authErrors['auth.cross_site']({ origin: (origin ?? site ?? 'unknown').slice(0, 200) })
}
