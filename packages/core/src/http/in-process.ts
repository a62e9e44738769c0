import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { isProduction } from '../kernel/is-production.ts'
import type { ContextScope, Runtime } from '../kernel/runtime.ts'
import type { RegisteredRoute } from '../plugin/registry.ts'
import { authorize, callHandler } from './call-route.ts'
import { compileRoute, type CompiledRoute } from './compiled-route.ts'
import { isAsyncIterable } from './request.ts'
import { isReply } from './respond.ts'
import type { Route } from './route.ts'
import { checkValue } from './safe-json.ts'

/** What a typed caller passes: the same parts as over HTTP, as values. */
export interface CallInput {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/**
 * Calls a route without HTTP: the same validation, permission and stripping, errors thrown as they are. A reply's
 * status and headers are left out; a streamed answer comes as its stream.
 *
 * @throws `http.forbidden`, `http.invalid_request`, and whatever the handler throws.
 */
async function callRoute(
  runtime: Runtime,
  route: Route,
  scope: ContextScope,
  input: CallInput = {},
): Promise<unknown> {
  const compiled = compiledFor(runtime, route)
  authorize(compiled, scope.actor)
  const request = {
    params: compiled.parse('params', checkValue(input.params ?? {}, 'params')),
    query: compiled.parse('query', checkValue(input.query, 'query')),
    body: compiled.route.definition.body && compiled.parse('body', checkValue(input.body)),
    headers: {},
    stream: compiled.route.definition.consumes ? bytesOf(input.body) : emptyStream(),
    ip: '',
  }
  const ofInstance = compiled.scope === 'instance' && runtime.mode === 'multi'
  const tenantId = ofInstance ? WHOLE_INSTANCE : scope.tenantId
  const result = await callHandler(compiled, request, runtime.context({ ...scope, tenantId }))
  const body = isReply(result) ? result.body : result
  if (body === undefined || body === null || Symbol.asyncIterator in Object(body)) return body
  return compiled.strip(body)
}

type InProcessApi = Readonly<
  Record<string, Readonly<Record<string, (input?: CallInput) => Promise<unknown>>>>
>

/** `api.customers.list(…)` for every plugin and route, acting in one scope. */
export function inProcessApi(runtime: Runtime, scope: ContextScope): InProcessApi {
  const api: Record<string, Record<string, (input?: CallInput) => Promise<unknown>>> = {}
  for (const { pluginId, name, route } of runtime.registry.routes) {
    const routes = (api[pluginId] ??= {})
    routes[name] = (input) => callRoute(runtime, route, scope, input)
  }
  return api
}

const compiledRoutes = new WeakMap<Route, CompiledRoute>()

function compiledFor(runtime: Runtime, route: Route): CompiledRoute {
  const known = compiledRoutes.get(route)
  if (known) return known
  const registered = runtime.registry.routes.find((one) => one.route === route)
  if (!registered)
    throw new TypeError(`The route ${route.method} ${route.definition.path} is not of an installed plugin`)
  const compiled = compileRoute(registered satisfies RegisteredRoute, {
    strict: !isProduction(),
  })
  compiledRoutes.set(route, compiled)
  return compiled
}

/** A body that is no JSON, as a caller in the process has it. */
async function* bytesOf(body: unknown): AsyncIterable<Uint8Array> {
  if (body === undefined || body === null) return
  const pieces = isAsyncIterable(body) ? body : [body as Uint8Array | string]
  for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece
}

async function* emptyStream(): AsyncIterable<Uint8Array> {}
