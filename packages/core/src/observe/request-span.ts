import type { HttpRequest, HttpResponse } from '../http/request.ts'
import type { SeenRequest } from './http-observer.ts'
import { tracing } from './tracing.ts'

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

/**
 * Answers a request within a server span. Path and query stand nowhere in it, because people and secrets do in them: the
 * route does.
 */
export function traceRequest(
  request: HttpRequest,
  seen: SeenRequest,
  answer: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const tracer = tracing()
  if (!tracer) return answer()
  const method = METHODS.has(request.method) ? request.method : '_OTHER'
  const options = {
    kind: 'server',
    carrier: request.headers,
    attributes: { 'http.request.method': method },
  } as const
  return tracer.span(method === '_OTHER' ? 'HTTP' : method, options, async (span) => {
    const response = await answer()
    const { path, tenantId, requestId } = seen
    if (path !== undefined) span.rename(`${method} ${path}`)
    span.set({
      'http.response.status_code': response.status,
      ...(path === undefined ? {} : { 'http.route': path }),
      ...(tenantId === undefined ? {} : { 'clientele.tenant_id': tenantId }),
      ...(requestId === undefined ? {} : { 'clientele.request_id': requestId }),
    })
    if (response.status >= 500) span.fail(seen.error ?? String(response.status))
    return response
  })
}
