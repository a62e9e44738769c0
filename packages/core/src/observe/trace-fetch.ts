import type { FetchOptions, FetchResponse } from '../ports/fetch.ts'
import { tracing } from './tracing.ts'

/**
 * Sends a request within a client span. Of the address only host and port: paths of webhooks are secrets. A service that
 * is trusted gets `traceparent` along; strangers learn nothing of our traces.
 */
export function traceFetch(
  { hostname, port, protocol }: URL,
  options: FetchOptions,
  { trusted }: { readonly trusted: boolean },
  send: (options: FetchOptions) => Promise<FetchResponse>,
): Promise<FetchResponse> {
  const tracer = tracing()
  if (!tracer) return send(options)
  const { method = 'GET' } = options
  const attributes = {
    'http.request.method': method,
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
  }
  return tracer.span(method, { kind: 'client', attributes }, async (span) => {
    const headers = trusted ? { ...tracer.headers(), ...options.headers } : options.headers
    const response = await send(headers ? { ...options, headers } : options)
    span.set({ 'http.response.status_code': response.status })
    if (response.status >= 400) span.fail(String(response.status))
    return response
  })
}
