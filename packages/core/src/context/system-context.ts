import type { Runtime } from '../kernel/runtime.ts'
import { systemActor } from './actor.ts'
import type { Ctx } from './context.ts'

/** The tenant of what is for the whole instance; it owns no rows. */
export const WHOLE_INSTANCE = '*'

/**
 * The core at work by itself, for no tenant.
 * @param signal ends it; never when left out
 */
export function systemContext(runtime: Runtime, signal: AbortSignal = new AbortController().signal): Ctx {
  return runtime.context({
    tenantId: WHOLE_INSTANCE,
    actor: systemActor,
    requestId: runtime.ids.next(),
    origin: 'live',
    signal,
  })
}
