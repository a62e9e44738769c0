import type { Actor } from '../context/actor.ts'
import type { CompiledRoute } from '../http/compiled-route.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { Registry } from '../plugin/registry.ts'
import { addressKey } from './address-key.ts'
import { limiterOf, type Counted, type Verdict } from './limiter.ts'
import type { LimitsOptions, RateLimit } from './limits.options.ts'
import { tooMany } from './rate-limits.ts'

/** Answers at once, with nothing, where this node has points left; both throw `http.too_many_requests`. */
export interface RequestLimits {
  /** Before anybody knows who calls. */
  byAddress(route: CompiledRoute, ip: string): Promise<void> | undefined
  byCaller(route: CompiledRoute, caller: Caller): Promise<void> | undefined
}

interface Caller {
  readonly tenantId: string
  readonly actor: Actor
  readonly ip: string
}

/** The limits of requests; null where there are none, so that nothing is asked. */
export function createRequestLimits(
  runtime: Runtime,
  options: LimitsOptions | false = {},
): RequestLimits | null {
  if (options === false) return null
  const { perActor, perTenant } = options
  if (!perActor && !perTenant && !hasRouteLimits(runtime.registry)) return null
  const spend = (counted: Counted): Promise<void> | undefined => {
    const verdict = limiterOf(runtime).spend(counted)
    if (verdict === null) return undefined
    return verdict instanceof Promise
      ? verdict.then((later) => check(counted, later))
      : check(counted, verdict)
  }
  return {
    byAddress(route, ip) {
      const limit = route.route.definition.rateLimit
      return limit?.by === 'ip'
        ? spend({ name: route.id, key: addressKey(ip), limit, guards: true })
        : undefined
    },
    byCaller(route, caller) {
      const limits = callerLimits(route, caller, options)
      return limits.length === 0 ? undefined : spendAll(limits, spend)
    },
  }
}

function check({ name, limit }: Counted, verdict: Verdict): undefined {
  if (verdict !== null) throw tooMany(name, limit, verdict)
  return undefined
}

function hasRouteLimits({ routes }: Pick<Registry, 'routes'>): boolean {
  return routes.some(({ route }) => route.definition.rateLimit !== undefined)
}

function callerLimits(
  route: CompiledRoute,
  { tenantId, actor, ip }: Caller,
  { perActor, perTenant }: LimitsOptions,
): Counted[] {
  const limits: Counted[] = []
  const own = route.route.definition.rateLimit
  const isKnown = actor.kind !== 'anonymous'
  const key = perActor || own ? callerKey(tenantId, isKnown, actor, ip) : ''
  const add = (name: string, of: string, limit: RateLimit): unknown => limits.push({ name, key: of, limit })
  if (own?.by === 'actor') limits.push({ name: route.id, key, limit: own, guards: true })
  if (perActor) add(isKnown ? 'actor' : 'address', key, perActor)
  if (perTenant) add('tenant', tenantId, perTenant)
  return limits
}

function callerKey(tenantId: string, isKnown: boolean, { kind, id }: Actor, ip: string): string {
  return isKnown ? `${tenantId} ${kind} ${id}` : addressKey(ip)
}

/** One after the other: what the first refuses costs the others nothing. */
function spendAll(
  limits: readonly Counted[],
  spend: (counted: Counted) => Promise<void> | undefined,
): Promise<void> | undefined {
  for (const [index, counted] of limits.entries()) {
    const later = spend(counted)
    if (later) return later.then(() => spendAll(limits.slice(index + 1), spend))
  }
  return undefined
}
