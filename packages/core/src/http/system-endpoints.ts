import type { Runtime } from '../kernel/runtime.ts'
import { observeEndpoints } from '../observe/observe.endpoints.ts'
import type { Authenticator } from './authenticator.ts'
import { clientRoutes } from './client-routes.ts'
import { docsPage } from './docs/docs-page.ts'
import { docsScript } from './docs/docs-script.ts'
import { docsStyle } from './docs/docs-style.ts'
import { openapiDocument } from './openapi.ts'
import type { PipelineOptions } from './pipeline.options.ts'
import { baseHeaders } from './problem.ts'
import { emptyResponse } from './respond.ts'
import type { HttpRequest, HttpResponse } from './request.ts'

/** A path of the framework itself: no tenant, no actor, no permission. */
export interface SystemEndpoint {
  readonly path: `/${string}`
  respond(request: HttpRequest, requestId: string): Promise<HttpResponse>
}

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** `/live`, `/ready`, `/openapi.json`, `/client.json` and `/docs` with its two files. */
export function systemEndpoints(
  runtime: Runtime,
  authenticators: readonly Authenticator[],
  options: PipelineOptions,
): readonly SystemEndpoint[] {
  let described: Readonly<Record<string, unknown>> | undefined
  return [
    { path: '/live', respond: async (_, id) => text(200, 'application/json', '{"status":"ok"}', id) },
    { path: '/ready', respond: async (_, id) => ready(runtime, options, id) },
    {
      path: '/openapi.json',
      respond: async ({ baseUrl }, id) => {
        described ??= openapiDocument(runtime.registry, { ...options, authenticators })
        return text(
          200,
          'application/json',
          JSON.stringify({ ...described, servers: [{ url: baseUrl || '/' }] }),
          id,
        )
      },
    },
    { path: '/client.json', respond: clientRoutes(runtime.registry) },
    ...observeEndpoints(runtime, {
      ...options,
      authenticators,
      isStarted: options.isStarted ?? (() => true),
    }),
    page('/docs', 'text/html', docsPage),
    // The page's links are relative to the other.
    {
      path: '/docs/',
      respond: async ({ baseUrl }, id) => emptyResponse(308, id, { location: `${baseUrl}/docs` }),
    },
    page('/docs/docs.js', 'text/javascript', docsScript),
    page('/docs/docs.css', 'text/css', docsStyle),
  ]
}

/** What keeps the instance from working goes to the log; the answer names only which part it is. */
async function ready(runtime: Runtime, options: PipelineOptions, requestId: string): Promise<HttpResponse> {
  const problems: string[] = []
  try {
    if (options.isStarted?.() === false) problems.push('the instance is not started')
    else await withinDeadline(runtime.storage.health())
  } catch (error) {
    runtime.logger.error({ err: error, requestId }, 'the database does not answer')
    problems.push('the database does not answer')
  }
  const status = problems.length === 0 ? 'ok' : 'unavailable'
  return text(
    problems.length === 0 ? 200 : 503,
    'application/json',
    JSON.stringify({ status, problems }),
    requestId,
  )
}

/** Whoever asks gives up sooner than a database that hangs. */
const READY_MS = 2000

async function withinDeadline(health: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${READY_MS} ms`)), READY_MS)
  try {
    await Promise.race([health, late])
  } finally {
    clearTimeout(timer)
  }
}

function page(path: `/${string}`, type: string, body: string): SystemEndpoint {
  return {
    path,
    respond: async (_, id) => {
      const response = text(200, type, body, id)
      Object.assign(response.headers, { 'content-security-policy': CSP, 'referrer-policy': 'no-referrer' })
      return response
    },
  }
}

function text(status: number, type: string, body: string, requestId: string): HttpResponse {
  const headers = baseHeaders(requestId, `${type}; charset=utf-8`)
  headers['content-length'] = String(Buffer.byteLength(body))
  return { status, headers, body }
}
