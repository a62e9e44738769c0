import type { Ctx } from '../context/context.ts'
import { systemContext, WHOLE_INSTANCE } from '../context/system-context.ts'
import { isClienteleError } from '../errors/clientele-error.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { IdempotencyOptions } from '../idempotency/idempotency.options.ts'
import { runOnce } from '../idempotency/run-once.ts'
import { streamed } from '../idempotency/streamed.ts'
import { isProduction } from '../kernel/is-production.ts'
import type { Runtime } from '../kernel/runtime.ts'
import { createRequestLimits, type RequestLimits } from '../limits/request-limits.ts'
import { observeRequests, type SeenRequest } from '../observe/http-observer.ts'
import { errorTypeOf } from '../observe/tracing.ts'
import { authenticatorsOf, identify, identifyByRoute, type Wanted } from './authenticate.ts'
import { TenantDirectory } from '../tenant/tenant-directory.ts'
import type { Authenticator } from './authenticator.ts'
import { readJsonBody, readOwnBody } from './body.ts'
import { authorize, callHandler, ParsedRequest, UnstreamedRequest } from './call-route.ts'
import { compileRoute, type CompiledRoute } from './compiled-route.ts'
import { corsHeaders, preflightHeaders } from './cors.ts'
import { openContext } from './open-context.ts'
import { ownership } from './ownership.ts'
import type { PipelineOptions } from './pipeline.options.ts'
import { isAnswer, problemResponse } from './problem.ts'
import { parseQueryString } from './query-string.ts'
import { givenRequestId, isAsyncIterable, type HttpRequest, type HttpResponse } from './request.ts'
import { emptyResponse, respond } from './respond.ts'
import { Sites, type Site } from './site.ts'
import { createRouteTable, type RouteMatch, type RouteTable } from './router.ts'
import { systemEndpoints, type SystemEndpoint } from './system-endpoints.ts'
import { splitTenant } from './tenant-path.ts'

/** Answers requests. Never rejects: what goes wrong becomes problem+json. */
export interface Pipeline {
  handle(request: HttpRequest): Promise<HttpResponse>
  /** True for paths that are this router's to answer, also with 404; the others belong to the host. */
  owns(url: string): boolean
}

type Target = CompiledRoute | SystemEndpoint

/** Builds the pipeline; every route is compiled once. */
export function createPipeline(parts: {
  readonly runtime: Runtime
  readonly options?: PipelineOptions
}): Pipeline {
  const { runtime, options = {} } = parts
  const { registry } = runtime
  const strict = (options.responses ?? (isProduction() ? 'strip' : 'validate')) === 'validate'
  const authenticators = authenticatorsOf(registry, options.authenticators)
  const table: RouteTable<Target> = createRouteTable<Target>([
    ...systemEndpoints(runtime, authenticators, options).map((value) => ({
      method: 'GET',
      path: value.path,
      value,
    })),
    ...registry.routes.map((registered) => ({
      method: registered.route.method,
      path: registered.route.definition.path,
      value: compileRoute(registered, { strict }),
    })),
  ])
  const { isStarted = () => true } = options
  const observe = observeRequests(runtime.instruments.metrics)
  const { idempotency = {} } = options
  const limits = createRequestLimits(runtime, options.limits)
  const sites = (registry.contributions.get(Sites.id) ?? []) as readonly Site[]
  const line: Line = { runtime, authenticators, table, sites, isStarted, idempotency, limits }
  return {
    handle: (request) => observe(request, (seen) => handle(line, request, seen)),
    owns: ownership(
      table,
      registry.routes.map((r) => r.route.definition.path),
      sites.map(({ path }) => path),
    ),
  }
}

interface Line {
  readonly runtime: Runtime
  readonly authenticators: readonly Authenticator[]
  readonly table: RouteTable<Target>
  readonly sites: readonly Site[]
  readonly isStarted: () => boolean
  readonly idempotency: IdempotencyOptions
  readonly limits: RequestLimits | null
}

async function handle(line: Line, request: HttpRequest, seen: SeenRequest): Promise<HttpResponse> {
  const requestId = givenRequestId(request) ?? line.runtime.ids.next()
  seen.requestId = requestId
  let route: CompiledRoute | undefined
  try {
    const mark = request.url.indexOf('?')
    const path = mark === -1 ? request.url : request.url.slice(0, mark)
    const found = find(line.table, request.method, path)
    if (found.match === null && (request.method === 'GET' || request.method === 'HEAD')) {
      const site = line.sites.find((one) => isBelow(path, one.path))
      if (site !== undefined)
        return head(request, await site.respond(request, { requestId, registry: line.runtime.registry }))
    }
    if (found.match === null) return refuse(line, request, found.path, requestId)
    note(seen, found.match.value)
    if ('respond' in found.match.value)
      return head(request, await found.match.value.respond(request, requestId))
    route = found.match.value
    if (!line.isStarted()) throw coreErrors['config.not_started']({ action: 'answer requests' })
    const search = mark === -1 ? '' : request.url.slice(mark + 1)
    const call: Call = {
      request,
      requestId,
      route,
      params: found.match.params,
      path: found.path,
      search,
      wanted: found.tenantId,
      seen,
    }
    return head(request, open(await answer(line, call), route))
  } catch (error) {
    seen.error = errorTypeOf(error)
    report(line, request, { requestId, route: route?.id, error })
    return head(request, open(problem(error, requestId, route), route))
  }
}

function isBelow(path: string, site: string): boolean {
  return path === site || path.startsWith(`${site}/`)
}

function note(seen: SeenRequest, target: Target): void {
  seen.target = target
  seen.path = 'respond' in target ? target.path : target.route.definition.path
}

/** Lets scripts of other sites read the answer of a route that is open to them. */
function open(response: HttpResponse, route: CompiledRoute | undefined): HttpResponse {
  if (route?.route.definition.cors) Object.assign(response.headers, corsHeaders(route))
  return response
}

interface Call {
  readonly request: HttpRequest
  readonly requestId: string
  readonly route: CompiledRoute
  readonly params: readonly string[]
  /** Without the tenant. */
  readonly path: string
  readonly search: string
  readonly wanted: string | null
  readonly seen: SeenRequest
}

async function answer(line: Line, call: Call): Promise<HttpResponse> {
  const { request, requestId, route, wanted } = call
  const { authenticators, limits } = line
  const { mode } = line.runtime
  const { identify: identifyOwn } = route.route.definition
  const open = openContext(line.runtime, requestId)
  const named = await tenantNamed(line, call)
  if (limits !== null) {
    const asked = limits.byAddress(route, request.ip)
    if (asked !== undefined) await asked
  }
  // Credentials in the body: it is read before anybody is known, so such routes keep it small.
  const early = identifyOwn ? await readBody(call) : undefined
  const { actor, tenantId } = identifyOwn
    ? await identifyByRoute(line.runtime, { request, requestId, body: early, wanted, identify: identifyOwn })
    : await identify(request, { authenticators, mode, route, wanted: named, open })
  call.seen.tenantId = tenantId
  await admit(line, tenantId)
  if (limits !== null) {
    const asked = limits.byCaller(route, { tenantId, actor, ip: request.ip })
    if (asked !== undefined) await asked
  }
  authorize(route, actor)
  const params = route.params(call.params)
  const query = route.parse('query', parseQueryString(call.search))
  const hasBody = route.route.definition.body !== undefined
  const sent = hasBody ? (identifyOwn ? early : await readBody(call)) : undefined
  const body = hasBody ? route.parse('body', sent) : undefined
  const { ip, signal } = request
  const ctx = line.runtime.context({ tenantId, actor, requestId, ip, origin: 'live', signal })
  const given = request.headers['idempotency-key']
  if (given !== undefined && route.keyUse !== 'ignored' && actor.kind !== 'anonymous')
    return answerOnce(line, call, { given, sent, parts: { params, query, body }, ctx })
  const parsed = new ParsedRequest(request, { params, query, body }, route.maxBodyBytes)
  const result = await callHandler(route, parsed, ctx)
  const response = respond(result, call)
  return isAsyncIterable(response.body) ? { ...response, body: watched(line, call, response.body) } : response
}

/** @throws `http.foreign_tenant` when the path names one tenant and the domain another */
async function tenantNamed({ runtime }: Line, call: Call): Promise<Wanted | null> {
  const { wanted, request, route } = call
  const byPath = wanted === null ? null : ({ tenantId: wanted, by: 'path' } as const)
  const { host } = request.headers
  if (runtime.mode === 'single' || route.scope === 'instance' || host === undefined) return byPath
  const ctx = systemContext(runtime)
  const found = ctx.get(TenantDirectory).atHost?.(ctx, host) ?? null
  const atHost = found instanceof Promise ? await found : found
  if (atHost === null) return byPath
  if (wanted !== null && wanted !== atHost) throw coreErrors['http.foreign_tenant']({ tenantId: wanted })
  return byPath ?? { tenantId: atHost, by: 'domain' }
}

/** Whoever holds a credential of a suspended tenant is told so. */
async function admit({ runtime }: Line, tenantId: string): Promise<void> {
  if (runtime.mode === 'single' || tenantId === WHOLE_INSTANCE) return
  const ctx = systemContext(runtime)
  const asked = ctx.get(TenantDirectory).admit?.(ctx, tenantId)
  if (asked !== undefined) await asked
}

interface KeyedCall {
  /** The header `Idempotency-Key`. */
  readonly given: string
  /** The body as it was read, before the route's schema. */
  readonly sent: unknown
  readonly parts: { readonly params: unknown; readonly query: unknown; readonly body: unknown }
  readonly ctx: Ctx
}

function answerOnce(line: Line, call: Call, { given, sent, parts, ctx }: KeyedCall): Promise<HttpResponse> {
  const { request, route, params, path, search } = call
  if (route.keyUse === 'refused') throw streamed()
  return runOnce(line.runtime, line.idempotency, {
    given,
    routeId: route.id,
    params,
    method: request.method,
    path,
    query: search,
    body: sent,
    ctx,
    run: async (t) => {
      const parsed = new UnstreamedRequest(request, parts, route.maxBodyBytes)
      return respond(await callHandler(route, parsed, t), call)
    },
  })
}

function readBody({ request, route }: Call): Promise<unknown> {
  const { readBody: readOwn } = route.route.definition
  return readOwn
    ? readOwnBody(request, route.maxBodyBytes, readOwn)
    : readJsonBody(request, route.maxBodyBytes)
}

/** A stream that breaks off has no status left to say so; the log has. */
async function* watched<T>(
  line: Line,
  { request, requestId, route }: Call,
  body: AsyncIterable<T>,
): AsyncIterable<T> {
  try {
    yield* body
  } catch (error) {
    report(line, request, { requestId, route: route.id, error })
    throw error
  }
}

interface Found {
  readonly match: RouteMatch<Target> | null
  readonly path: string
  readonly tenantId: string | null
}

function find(table: RouteTable<Target>, method: string, written: string): Found {
  const { path, tenantId } = splitTenant(written)
  return { match: table.match(method, path), path, tenantId }
}

function refuse({ table }: Line, request: HttpRequest, path: string, requestId: string): HttpResponse {
  const { method } = request
  const allowed = table.allowed(path)
  const shown = path.slice(0, 200)
  if (allowed.length === 0)
    return problemResponse(coreErrors['http.not_found']({ method, path: shown }), requestId)
  if (method === 'OPTIONS') {
    const wanted = table.match(request.headers['access-control-request-method'] ?? 'GET', path)?.value
    const cors = wanted && 'route' in wanted ? preflightHeaders(wanted, request) : {}
    return emptyResponse(204, requestId, { allow: allowed.join(', '), ...cors })
  }
  return problemResponse(coreErrors['http.method_not_allowed']({ method, path: shown, allowed }), requestId)
}

/** `HEAD` is `GET` with the body kept back; its length stays. */
function head(request: HttpRequest, response: HttpResponse): HttpResponse {
  return request.method === 'HEAD' ? { ...response, body: null } : response
}

function problem(error: unknown, requestId: string, route: CompiledRoute | undefined): HttpResponse {
  try {
    return problemResponse(error, requestId, route?.strip)
  } catch {
    return problemResponse(null, requestId)
  }
}

function report(
  { runtime }: Line,
  { method, signal }: HttpRequest,
  { error, ...fields }: { requestId: string; route: string | undefined; error: unknown },
): void {
  if (isAnswer(error) && error.status < 500) return
  // Nobody is left to answer, and what broke off broke off because of that.
  if (signal.aborted) return
  if (isClienteleError(error) && error.status === 503) {
    runtime.logger.warn({ ...fields, method, code: error.code }, error.message)
    return
  }
  runtime.logger.error({ ...fields, method, err: error }, 'a request failed')
}
