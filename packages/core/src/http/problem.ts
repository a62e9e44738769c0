import { isClienteleError, type ClienteleError } from '../errors/clientele-error.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { rateLimitHeaders } from '../limits/rate-limit-headers.ts'
import type { HttpResponse } from './request.ts'
import type { Picker } from './response-picker.ts'

/** Headers of every answer: nothing is cached, nothing is guessed. */
export function baseHeaders(requestId: string, contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  }
}

/**
 * The answer to an error, RFC 9457. What is not an error of ours becomes `http.internal`; of our own 5xx errors the
 * sentence stays in the log, because it may name tables and hosts. A 412 carries the current row as `current`,
 * stripped like any answer of the route.
 */
export function problemResponse(error: unknown, requestId: string, strip?: Picker): HttpResponse {
  const known = isAnswer(error) && error.status !== 500 ? error : internal(requestId)
  const headers = baseHeaders(requestId, 'application/problem+json; charset=utf-8')
  if (known.status === 401) headers['www-authenticate'] = 'Bearer'
  const wait = known.params['retryAfterSeconds'] ?? (known.status === 503 ? 1 : undefined)
  if (typeof wait === 'number') headers['retry-after'] = String(wait)
  if (known.status === 429) Object.assign(headers, rateLimitHeaders(known.params))
  const allowed = known.params['allowed']
  if (known.status === 405 && Array.isArray(allowed)) headers['allow'] = allowed.join(', ')
  const body = problemText(known, requestId, strip)
  headers['content-length'] = String(Buffer.byteLength(body))
  return { status: known.status, headers, body }
}

/** An error of ours or of a plugin, with a status that an error can have. */
export function isAnswer(error: unknown): error is ClienteleError {
  return (
    isClienteleError(error) && Number.isInteger(error.status) && error.status >= 400 && error.status <= 599
  )
}

function problemText(error: ClienteleError, requestId: string, strip: Picker | undefined): string {
  const { current, ...params } = error.params
  const closed = error.status >= 500 && error.code !== 'http.internal'
  return JSON.stringify({
    type: `urn:clientele:error:${error.code}`,
    title: error.title,
    status: error.status,
    detail: closed ? error.title : error.message,
    code: error.code,
    params: closed ? {} : params,
    instance: requestId,
    ...(current !== undefined && strip ? { current: pick(strip, current) } : {}),
  })
}

function internal(requestId: string): ClienteleError {
  return coreErrors['http.internal']({ requestId })
}

/** A row that is not what the route answers with is left out rather than shown whole. */
function pick(strip: Picker, current: unknown): unknown {
  try {
    return strip(current)
  } catch {
    return undefined
  }
}
