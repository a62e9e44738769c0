import { anonymousActor, type Actor } from '../context/actor.ts'
import { isTenantId, SINGLE_TENANT } from '../context/tenant-id.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { Registry } from '../plugin/registry.ts'
import type { Logger } from '../ports/logger.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import {
  Authenticators,
  type Authenticator,
  type Credentials,
  type Identified,
  type OpenContext,
} from './authenticator.ts'
import type { CompiledRoute } from './compiled-route.ts'
import { openContext } from './open-context.ts'
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
 * Finds out who calls a route and in which tenant. The credential decides; `wanted`, a tenant named by the path or the
 * domain, only chooses among its tenants. `*` among them stands for every tenant.
 *
 * @throws `http.unauthenticated`, `http.foreign_tenant`, `http.forbidden`, and what an authenticator throws.
 */
export async function identify(
  request: Credentials,
  aim: {
    readonly authenticators: readonly Authenticator[]
    readonly mode: 'single' | 'multi'
    readonly route: CompiledRoute
    readonly wanted: Wanted | null
    readonly open: OpenContext
  },
): Promise<Caller> {
  const { authenticators, mode, route, wanted, open } = aim
  const isPublic = route.permission === 'public'
  const ofInstance = route.scope === 'instance' && mode === 'multi'
  for (const authenticator of authenticators) {
    if (route.schemes && !route.schemes.has(authenticator.name)) continue
    const answer = authenticator.authenticate(request, open)
    const found = answer instanceof Promise ? await answer : answer
    if (!found) continue
    if (ofInstance) return callerOfInstance(found, route, wanted)
    const tenantId = chooseTenant(found, mode, wanted?.tenantId ?? null)
    return { actor: (await found.actorIn?.(tenantId)) ?? found.actor, tenantId }
  }
  if (isPublic && ofInstance) return { actor: anonymousActor, tenantId: WHOLE_INSTANCE }
  if (isPublic && wanted?.by === 'domain') return { actor: anonymousActor, tenantId: wanted.tenantId }
  if (!isPublic || mode === 'multi') {
    throw coreErrors['http.unauthenticated']({ schemes: authenticators.map((a) => a.name) })
  }
  if (wanted !== null && wanted.tenantId !== SINGLE_TENANT) throw foreignTenant(wanted.tenantId)
  return { actor: anonymousActor, tenantId: SINGLE_TENANT }
}

/** The tenant that a request names, and where. */
export interface Wanted {
  readonly tenantId: string
  readonly by: 'path' | 'domain'
}

/** A named permission is for all tenants together, so the credential must reach all of them. */
function callerOfInstance(
  found: Identified,
  { permission }: Pick<CompiledRoute, 'permission'>,
  wanted: Wanted | null,
): Caller {
  if (wanted?.by === 'path') chooseTenant(found, 'multi', wanted.tenantId)
  const isNamed = permission !== 'public' && permission !== 'authenticated'
  // tenant-site: http.instance
  if (isNamed && !found.tenants.includes('*')) throw coreErrors['http.forbidden']({ permission })
  return { actor: found.actor, tenantId: WHOLE_INSTANCE }
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
  const open = openContext(runtime, requestId)
  const found = await call.identify({ method, url, headers, ip, body }, open)
  if (!found) throw coreErrors['http.unauthenticated']({ schemes: [] })
  const tenantId = chooseTenant(found, runtime.mode, wanted)
  return { actor: (await found.actorIn?.(tenantId)) ?? found.actor, tenantId }
}

function chooseTenant(
  { tenants, mustName }: Identified,
  mode: 'single' | 'multi',
  wanted: string | null,
): string {
  if (wanted === null && mustName && mode === 'multi') throw coreErrors['http.tenant_needed']({})
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
