import type { Ctx } from '../context/context.ts'
import type { ContextScope, Runtime } from '../kernel/runtime.ts'
import { createInstruments } from '../observe/instruments.ts'
import { createMetrics } from '../observe/create-metrics.ts'
import type { AnyPlugin } from '../plugin/plugin.ts'
import type { InstalledPlugin, Registry } from '../plugin/registry.ts'
import { uuidV7 } from '../ports/ids.ts'
import { systemClock } from '../ports/clock.ts'
import { silentLogger, type LogFields } from '../ports/logger.ts'
import { systemRandom } from '../ports/random.ts'
import type { Authenticator } from './authenticator.ts'
import { createPipeline, type Pipeline } from './pipeline.ts'
import type { PipelineOptions } from './pipeline.options.ts'
import type { HttpRequest, HttpResponse } from './request.ts'
import type { Route } from './route.ts'

interface RuntimeOptions {
  readonly mode?: 'single' | 'multi'
  /** @default resolves */
  readonly health?: () => Promise<void>
}

/** A runtime of routes alone: no storage stands behind it. For tests of the pipeline itself. */
function routesRuntime(
  routes: Readonly<Record<string, Route>>,
  options: RuntimeOptions & { readonly errors?: LogFields[] } = {},
): Runtime {
  const random = systemRandom()
  const clock = systemClock()
  const logger = { ...silentLogger(), error: (fields: LogFields) => void options.errors?.push(fields) }
  const parts: Partial<Runtime> = {
    registry: registryOf(routes),
    clock,
    random,
    logger,
    ids: uuidV7(clock, random),
    mode: options.mode ?? 'single',
    instruments: createInstruments(createMetrics()),
    // The one service that requests ask for: it knows no domain, and refuses nobody.
    context: (scope: ContextScope) =>
      ({ ...scope, can: () => true, get: () => ({ list: async () => [] }) }) as unknown as Ctx,
    storage: { health: options.health ?? (async () => {}) } as Runtime['storage'],
  }
  return parts as Runtime
}

export function registryOf(
  routes: Readonly<Record<string, Route>>,
  entities: Registry['entities'] = new Map(),
): Registry {
  const plugin = {
    $$type: 'clientele/plugin',
    id: 'notes',
    version: '1.0.0',
    options: undefined,
  } as unknown as AnyPlugin
  const installed: InstalledPlugin = { id: 'notes', plugin, options: undefined }
  return {
    plugins: [installed],
    entities,
    contributions: new Map(),
    permissions: new Map(),
    routes: Object.entries(routes).map(([name, route]) => ({ pluginId: 'notes', name, route })),
  } as unknown as Registry
}

/** Lets everybody with a header `x-user` in, as that user, in the tenants named by `x-tenants`. */
export const headerAuthenticator: Authenticator = {
  name: 'header',
  scheme: { type: 'apiKey', in: 'header', name: 'x-user' },
  authenticate({ headers }) {
    const id = headers['x-user']
    if (id === undefined) return null
    const tenants = (headers['x-tenants'] ?? 'default').split(',') as [string, ...string[]]
    const permissions = new Set((headers['x-permissions'] ?? '*').split(','))
    return { actor: { kind: 'user', id, permissions }, tenants }
  },
}

export interface TestCall {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly json?: unknown
  readonly anonymous?: boolean
}

/** A pipeline over routes and one function to call it: `await call('POST', '/api/v1/notes', { json: {…} })`. */
export function testPipeline(
  routes: Readonly<Record<string, Route>>,
  options: PipelineOptions & RuntimeOptions = {},
): {
  readonly pipeline: Pipeline
  readonly errors: LogFields[]
  // `any`: a test reads the fields it is about.
  readonly call: (
    method: string,
    url: string,
    call?: TestCall,
  ) => Promise<HttpResponse & { readonly json: any }>
} {
  const errors: LogFields[] = []
  const runtime = routesRuntime(routes, { ...options, errors })
  const pipeline = createPipeline({ runtime, options: { authenticators: [headerAuthenticator], ...options } })
  return {
    pipeline,
    errors,
    async call(method, url, { headers = {}, body, json, anonymous } = {}) {
      const text = json === undefined ? body : JSON.stringify(json)
      const request: HttpRequest = {
        method,
        url,
        baseUrl: '',
        headers: {
          ...(anonymous ? {} : { 'x-user': 'ann' }),
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: text,
        ip: '127.0.0.1',
        signal: new AbortController().signal,
      }
      const response = await pipeline.handle(request)
      const isJson = typeof response.body === 'string' && response.headers['content-type']?.includes('json')
      return { ...response, json: isJson ? JSON.parse(response.body) : null }
    },
  }
}
