import type { HttpRequest, HttpResponse } from '../http/request.ts'
import type { Counter, Histogram, Metrics } from './metrics.ts'
import { traceRequest } from './request-span.ts'

/** What the pipeline tells of a request while it answers it. */
export interface SeenRequest {
  /** Where it led: the same object for the same route. Nothing when no path of ours fits. */
  target?: object
  /** Of the target, with its parameters' names: `/api/v1/orders/:id`. */
  path?: string
  tenantId?: string
  requestId?: string
  /** The code of the error that was answered. */
  error?: string
}

export type ObserveRequest = (
  request: HttpRequest,
  answer: (seen: SeenRequest) => Promise<HttpResponse>,
) => Promise<HttpResponse>

/** The parts of one route; worked out with its first request. */
interface RouteParts {
  readonly path: string
  readonly method: string
  readonly seconds: Histogram
  readonly byStatus: Map<number, Counter>
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const NOWHERE = {}

/** Counts requests and measures them until their answer begins; what is streamed afterwards is not part of it. */
export function observeRequests(metrics: Metrics): ObserveRequest {
  const total = metrics.counter('clientele_http_requests_total', {
    help: 'Requests by route, method and status.',
    labels: ['route', 'method', 'status'],
  })
  const duration = metrics.histogram('clientele_http_request_duration_seconds', {
    help: 'From a request to the beginning of its answer.',
    labels: ['route', 'method'],
  })
  const inFlight = metrics
    .gauge('clientele_http_requests_in_flight', { help: 'Requests whose answer has not begun.' })
    .of()
  const byTarget = new Map<object, RouteParts>()

  const partsOf = ({ target = NOWHERE, path = 'none' }: SeenRequest, method: string): RouteParts => {
    const known = byTarget.get(target)
    if (known?.method === method) return known
    const verb = METHODS.has(method) ? method : 'other'
    const parts = { path, method, seconds: duration.of(path, verb), byStatus: new Map<number, Counter>() }
    byTarget.set(target, parts)
    return parts
  }
  const counterOf = (parts: RouteParts, status: number): Counter => {
    const known = parts.byStatus.get(status)
    if (known) return known
    const verb = METHODS.has(parts.method) ? parts.method : 'other'
    const made = total.of(parts.path, verb, String(status))
    parts.byStatus.set(status, made)
    return made
  }

  return async (request, answer) => {
    const startedAt = performance.now()
    const seen: SeenRequest = {}
    inFlight.add(1)
    try {
      const response = await traceRequest(request, seen, () => answer(seen))
      const parts = partsOf(seen, request.method)
      parts.seconds.observe((performance.now() - startedAt) / 1000)
      counterOf(parts, response.status).add()
      return response
    } finally {
      inFlight.add(-1)
    }
  }
}
