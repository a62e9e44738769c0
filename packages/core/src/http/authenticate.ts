import { anonymousActor, type Actor } from '../context/actor.ts'
import { isTenantId, SINGLE_TENANT } from '../context/tenant-id.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { Registry } from '../plugin/registry.ts'
import type { Logger } from '../ports/logger.ts'
import { Authenticators, type Authenticator, type Credentials, type Identified } from './authenticator.ts'
import type { CompiledRoute } from './compiled-route.ts'

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
