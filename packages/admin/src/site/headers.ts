const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
}

/** The media type of a file by its name. */
export function typeOf(name: string): string {
  return TYPES[name.split('.').at(-1)!] ?? 'application/octet-stream'
}

/** What every answer of the site carries. */
export function plainHeaders(requestId: string, type: string, length: number): Record<string, string> {
  return {
    'content-type': type,
    'content-length': String(length),
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  }
}

/** What a page carries: nothing but our own files runs in it, and nobody frames it. */
export function pageHeaders(requestId: string, nonce: string, length: number): Record<string, string> {
  return {
    ...plainHeaders(requestId, 'text/html; charset=utf-8', length),
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(nonce),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'same-origin',
  }
}

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    // Logos of tenants lie wherever they said.
    "img-src 'self' data: blob: https:",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}
