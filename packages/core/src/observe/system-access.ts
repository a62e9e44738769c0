import { hasPermission } from '../context/actor.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { Authenticator, Credentials, OpenContext } from '../http/authenticator.ts'
import { observeErrors } from './observe.errors.ts'

/** What lets somebody see the state of the whole instance. */
const SYSTEM_READ = 'system:read'

/**
 * Lets a request pass whose credential has {@link SYSTEM_READ}. With many tenants it must be for all of them: what is
 * shown is about all.
 *
 * @throws `observe.unauthenticated`, `observe.not_for_tenants`, `http.forbidden`, and what an authenticator throws
 */
export async function allowSystemRead(
  request: Credentials,
  {
    authenticators,
    mode,
    path,
    open,
  }: {
    readonly authenticators: readonly Authenticator[]
    readonly mode: 'single' | 'multi'
    readonly path: string
    readonly open: OpenContext
  },
): Promise<void> {
  for (const authenticator of authenticators) {
    const found = await authenticator.authenticate(request, open)
    if (!found) continue
    if (!hasPermission(found.actor, SYSTEM_READ))
      throw coreErrors['http.forbidden']({ permission: SYSTEM_READ })
    if (mode === 'multi' && !found.tenants.includes('*'))
      throw observeErrors['observe.not_for_tenants']({ path })
    return
  }
  const schemes = authenticators.map(({ name }) => name)
  throw observeErrors['observe.unauthenticated']({ path, permission: SYSTEM_READ, schemes })
}
