import type { Authenticator } from '../http/authenticator.ts'
import { openContext } from '../http/open-context.ts'
import { baseHeaders } from '../http/problem.ts'
import type { HttpRequest, HttpResponse } from '../http/request.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { ObserveOptions } from './observe.options.ts'
import { allowSystemRead } from './system-access.ts'

interface Parts {
  readonly authenticators: readonly Authenticator[]
  readonly observe?: ObserveOptions | undefined
  readonly isStarted: () => boolean
}

interface Endpoint {
  readonly path: `/${string}`
  respond(request: HttpRequest, requestId: string): Promise<HttpResponse>
}

/** `/metrics` and `/health/details`. What they need is loaded with the first request for it. */
export function observeEndpoints(
  runtime: Runtime,
  { authenticators, observe, isStarted }: Parts,
): Endpoint[] {
  const allow = (request: HttpRequest, path: string): Promise<void> =>
    allowSystemRead(request, {
      authenticators,
      mode: runtime.mode,
      path,
      open: openContext(runtime, runtime.ids.next()),
    })
  const readMetrics = once(async () => (await import('./read-metrics.ts')).metricsReader(runtime, isStarted))
  const readHealth = once(async () => (await import('./health.ts')).healthReader(runtime))
  return [
    {
      path: '/metrics',
      async respond(request, id) {
        if (observe?.metrics !== 'public') await allow(request, '/metrics')
        const text = await (await readMetrics())()
        return answer(200, 'text/plain; version=0.0.4; charset=utf-8', text, id)
      },
    },
    {
      path: '/health/details',
      async respond(request, id) {
        await allow(request, '/health/details')
        const health = await (await readHealth())()
        const status = health.status === 'fail' ? 503 : 200
        return answer(status, 'application/json; charset=utf-8', JSON.stringify(health), id)
      },
    },
  ]
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

function answer(status: number, type: string, body: string, requestId: string): HttpResponse {
  const headers = baseHeaders(requestId, type)
  headers['content-length'] = String(Buffer.byteLength(body))
  return { status, headers, body }
}
