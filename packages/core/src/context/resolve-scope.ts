import type { Scope } from '../clientele.types.ts'
import type { ContextScope } from '../kernel/runtime.ts'
import type { Ids } from '../ports/ids.ts'
import { systemActor } from './actor.ts'
import { isTenantId, SINGLE_TENANT } from './tenant-id.ts'

/** What a host says about who acts, with defaults filled in. */
export function resolveScope(
  { tenantId: wanted, actor, origin, requestId, signal }: Scope,
  { mode, ids }: { readonly mode: 'single' | 'multi'; readonly ids: Ids },
): ContextScope {
  const tenantId = wanted ?? (mode === 'single' ? SINGLE_TENANT : undefined)
  if (tenantId === undefined) {
    throw new TypeError('Name a tenant: as({ tenantId }); this instance serves many')
  }
  if (!isTenantId(tenantId)) {
    throw new TypeError(
      `Tenant id "${tenantId}" must be 1 to 32 lower-case letters, digits and hyphens, and begin with no hyphen`,
    )
  }
  if (mode === 'single' && tenantId !== SINGLE_TENANT) {
    throw new TypeError(
      `There is no tenant "${tenantId}": this instance serves "${SINGLE_TENANT}" only; leave tenantId out, or set tenancy.mode to 'multi'`,
    )
  }
  return {
    tenantId,
    actor: actor ?? systemActor,
    origin: origin ?? 'live',
    requestId: requestId ?? ids.next(),
    signal: signal ?? new AbortController().signal,
  }
}
