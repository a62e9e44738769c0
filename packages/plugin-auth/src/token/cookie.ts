import type { Credentials, Ctx } from '@clientele/core'
import { publicUrl } from '../auth.config.ts'
import { AuthKeys } from './auth-keys.ts'

/** What the cookie of a session holds: its id, and a MAC that only this installation makes. */
export function cookieValue(keys: AuthKeys, sessionId: string): string {
  return `${sessionId}.${keys.mac('cookie', sessionId)}`
}

/** The session of a request's cookie; null when it has none of ours. */
export function sessionIdOf(ctx: Ctx, headers: Credentials['headers']): string | null {
  const name = cookieName(ctx)
  // Of several of one name none is believed: somebody else may have set one.
  const found = (headers['cookie'] ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
  if (found.length !== 1) return null
  const [, id, mac] = /^([\da-f-]{36})\.([\w-]{43})$/.exec(found[0]!.slice(name.length + 1)) ?? []
  return id !== undefined && mac !== undefined && ctx.get(AuthKeys).isMac('cookie', id, mac) ? id : null
}

/** The header that sets it; without a value, the one that removes it. */
export function setCookie(
  ctx: Ctx,
  { value = '', maxAgeSeconds = 0 }: { readonly value?: string; readonly maxAgeSeconds?: number } = {},
): string {
  const secure = isHttps(ctx) ? '; Secure' : ''
  return `${cookieName(ctx)}=${value}; Path=/; HttpOnly${secure}; SameSite=Strict; Max-Age=${maxAgeSeconds}`
}

/** `__Host-` makes browsers refuse it from other hosts and over http; on http://localhost they would refuse ours. */
function cookieName(ctx: Ctx): string {
  return isHttps(ctx) ? '__Host-clientele' : 'clientele'
}

function isHttps(ctx: Ctx): boolean {
  return new URL(publicUrl(ctx)).protocol === 'https:'
}
