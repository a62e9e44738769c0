import { anonymousActor, systemActor, type Actor } from '../context/actor.ts'
import type { Ctx } from '../context/context.ts'
import { isTenantId, SINGLE_TENANT } from '../context/tenant-id.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { Registry } from '../plugin/registry.ts'
import type { Logger } from '../ports/logger.ts'
import { Authenticators, type Authenticator, type Credentials, type Identified } from './authenticator.ts'
import type { CompiledRoute } from './compiled-route.ts'
import type { RouteDefinition } from './route.ts'

/** Who acts, and where. */
export interface Caller {
  readonly actor: Actor
  readonly tenantId: string
}

/** The host's authenticators, then those of plugins. */
export function authenticatorsOf(
  registry: Pick<Registry, 'contributions'>,
  first: readonly Authenticator[] = [],
): readonly Authenticator[] {
  return [...first, ...((registry.contributions.get(Authenticators.id) ?? []) as readonly Authenticator[])]
}

/** Routes that nobody could call, because none of their schemes is the name of an authenticator. */
export function schemeProblems(
  { routes }: Pick<Registry, 'routes'>,
  authenticators: readonly Authenticator[],
): string[] {
  const known = new Set(authenticators.map(({ name }) => name))
  return routes.flatMap(({ pluginId, name, route }) => {
    const { schemes, permission, identify: identifyOwn } = route.definition
    if (!schemes || permission === 'public' || identifyOwn || schemes.some((one) => known.has(one))) return []
    const names = (list: Iterable<string>): string => [...list].map((one) => `"${one}"`).join(', ') || 'none'
    return [
      `plugin "${pluginId}": route "${name}" accepts only the authenticators ${names(schemes)}, but installed are ${names(known)}; install one of them, or mend the route's schemes`,
    ]
  })
}

/** Lets authenticators refuse to start (a development one in production) and say what they have to say. */
export function startAuthenticators(authenticators: readonly Authenticator[], log: Logger): void {
  for (const authenticator of authenticators) authenticator.start?.(log)
}

/**
 * Finds out who calls a route and in which tenant. The credential decides; `wanted`, a tenant named by the path, only
 * chooses among its tenants. `*` among them stands for every tenant.
 *
 * @throws `http.unauthenticated`, `http.foreign_tenant`, `http.forbidden`, and what an authenticator throws.
 */
export async function identify(
  request: Credentials,
  aim: {
    readonly authenticators: readonly Authenticator[]
    readonly mode: 'single' | 'multi'
    readonly route: CompiledRoute
    readonly wanted: string | null
  },
): Promise<Caller> {
  const { authenticators, mode, route, wanted } = aim
  const isPublic = route.permission === 'public'
  for (const authenticator of authenticators) {
    if (route.schemes && !route.schemes.has(authenticator.name)) continue
    const answer = authenticator.authenticate(request)
    const found = answer instanceof Promise ? await answer : answer
    if (found) return { actor: found.actor, tenantId: chooseTenant(found, mode, wanted) }
  }
  if (!isPublic || mode === 'multi') {
    throw coreErrors['http.unauthenticated']({ schemes: authenticators.map((a) => a.name) })
  }
  if (wanted !== null && wanted !== SINGLE_TENANT)
    throw coreErrors['http.foreign_tenant']({ tenantId: wanted })
  return { actor: anonymousActor, tenantId: SINGLE_TENANT }
}

/**
 * As {@link identify}, by the route's own way: for credentials that stand in the body.
 *
 * @throws `http.unauthenticated`, `http.foreign_tenant`
 */
export async function identifyByRoute(
  runtime: Runtime,
  call: {
    readonly request: Credentials
    readonly requestId: string
    readonly body: unknown
    readonly wanted: string | null
    // `any`: the way of whichever route is called.
    readonly identify: NonNullable<RouteDefinition<any, any, any, any, any>['identify']>
  },
): Promise<Caller> {
  const { request, requestId, body, wanted } = call
  const { method, url, headers, ip } = request
  const open = (tenantId: string): Ctx => {
    if (!isTenantId(tenantId)) throw foreignTenant(tenantId)
    const signal = new AbortController().signal
    return runtime.context({ tenantId, actor: systemActor, requestId, origin: 'live', signal })
  }
  const found = await call.identify({ method, url, headers, ip, body }, open)
  if (!found) throw coreErrors['http.unauthenticated']({ schemes: [] })
  return { actor: found.actor, tenantId: chooseTenant(found, runtime.mode, wanted) }
}

function chooseTenant({ tenants }: Identified, mode: 'single' | 'multi', wanted: string | null): string {
  const tenantId = wanted ?? (mode === 'single' || tenants[0] === '*' ? SINGLE_TENANT : tenants[0])
  if (mode === 'single' && tenantId !== SINGLE_TENANT) throw foreignTenant(tenantId)
  if (!isTenantId(tenantId)) throw foreignTenant(tenantId)
  // tenant-site: http.credential
  if (!tenants.includes(tenantId) && !tenants.includes('*')) throw foreignTenant(tenantId)
  return tenantId
}

function foreignTenant(tenantId: string): Error {
  return coreErrors['http.foreign_tenant']({ tenantId: tenantId.slice(0, 40) })
}
