import { systemActor } from '../context/actor.ts'
import { WHOLE_INSTANCE } from '../context/system-context.ts'
import { isTenantId, SINGLE_TENANT } from '../context/tenant-id.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { Runtime } from '../kernel/runtime.ts'
import type { OpenContext } from './authenticator.ts'

/** For authenticators; most look nothing up, so a context is made when it is asked for. */
export function openContext(runtime: Runtime, requestId: string): OpenContext {
  return (tenantId) => {
    if (tenantId !== undefined && !isTenantId(tenantId))
      throw coreErrors['http.foreign_tenant']({ tenantId: tenantId.slice(0, 40) })
    return runtime.context({
      tenantId: tenantId ?? (runtime.mode === 'single' ? SINGLE_TENANT : WHOLE_INSTANCE),
      actor: systemActor,
      requestId,
      origin: 'live',
      signal: new AbortController().signal,
    })
  }
}
