import type { CompiledRoute } from './compiled-route.ts'
import { etagOf, matchesNone } from './etag.ts'
import { baseHeaders } from './problem.ts'
import { isAsyncIterable, type HttpRequest, type HttpResponse } from './request.ts'
import type { Reply } from './route.ts'

// An import of node:http evaluates all it offers, a WebSocket client too: a tenth of a start.
const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule('node:http')

interface Circumstances {
  readonly request: HttpRequest
  readonly requestId: string
  readonly route: CompiledRoute
  /** The tenant that the path named. */
  readonly wanted: string | null
}

/**
 * Turns what a handler answered into a response: stripped JSON, a stream, or nothing. A row's version is its `etag`,
 * and a `GET` whose `If-None-Match` names it is 304; a handler that sets its own `etag` decides that itself.
 */
export function respond(result: unknown, circumstances: Circumstances): HttpResponse {
  const { request, requestId, route } = circumstances
  const reply = isReply(result) ? result : null
  const extra = reply ? replyHeaders(reply, circumstances) : NO_HEADERS
  const status = validStatus(reply?.status ?? route.status)
  const body: unknown = reply ? reply.body : result
  if (isAsyncIterable(body)) {
    const { produces = 'application/octet-stream', status: declared = 200 } = route.route.definition
    return {
      status: validStatus(reply?.status ?? declared),
      headers: Object.assign(baseHeaders(requestId, produces), extra),
      body,
    }
  }
  if (body === undefined || body === null) {
    const nothing = route.route.definition.response === undefined
    if (nothing || reply) return emptyResponse(status === 200 ? 204 : status, requestId, extra)
  }
  const value = route.strip(body)
  const headers = Object.assign(baseHeaders(requestId, 'application/json; charset=utf-8'), extra)
  const version = (value as { version?: unknown } | null)?.version
  if (typeof version === 'number' && headers['etag'] === undefined && request.method !== 'DELETE') {
    const etag = etagOf(version)
    headers['etag'] = etag
    if ((request.method === 'GET' || request.method === 'HEAD') && matchesNone(request.headers, etag)) {
      delete headers['content-type']
      return { status: 304, headers, body: null }
    }
  }
  const text = JSON.stringify(value) ?? 'null'
  headers['content-length'] = String(Buffer.byteLength(text))
  return { status, headers, body: text }
}

// A wrong one fails here, where the error is reported with its route, and not in the server.
function validStatus(status: number): number {
  if (Number.isInteger(status) && status >= 200 && status <= 599) return status
  throw new RangeError(
    `Cannot answer with status ${String(status)}: a status is a whole number from 200 to 599`,
  )
}

/** An answer of headers only. */
export function emptyResponse(
  status: number,
  requestId: string,
  extra: Record<string, string> = {},
): HttpResponse {
  const { 'content-type': _, ...headers } = baseHeaders(requestId, '')
  return { status, headers: { ...headers, ...extra }, body: null }
}

/** True for what `reply()` made, also by another copy of the core. */
export function isReply(value: unknown): value is Reply<unknown> {
  return typeof value === 'object' && value !== null && (value as Reply<unknown>).$$type === 'clientele/reply'
}

const NO_HEADERS: Record<string, string> = {}

function replyHeaders(reply: Reply<unknown>, circumstances: Circumstances): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(reply.headers)) {
    // Wrong ones fail here, where the error is reported with its route, and not in the server.
    validateHeaderName(name)
    validateHeaderValue(name, value)
    headers[name.toLowerCase()] = value
  }
  const location = headers['location']
  if (location?.startsWith('/')) headers['location'] = outerPath(location, circumstances)
  return headers
}

/** A path of ours as the client sees it: below the mount point, and in the tenant that it named. */
function outerPath(path: string, { request, wanted }: Circumstances): string {
  const inner = wanted === null ? path : path.replace(/^\/api\/v1\//, `/api/v1/tenants/${wanted}/`)
  return `${request.baseUrl}${inner}`
}
