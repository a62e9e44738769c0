import type { Actor } from '../context/actor.ts'
import type { Ctx } from '../context/context.ts'
import { defineExtensionPoint } from '../plugin/extension-point.ts'
import type { Logger } from '../ports/logger.ts'

/** The parts of a request that say who is calling. */
export interface Credentials {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly ip: string
}

/** Who is calling, and in which tenants they may. */
export interface Identified {
  readonly actor: Actor
  /**
   * The tenants this credential may act in; the first one is used when the request names none. `*` stands for every
   * tenant (and `default` when the request names none).
   */
  readonly tenants: readonly [string, ...string[]]
  /**
   * Who acts in the tenant that was chosen, for credentials whose permissions differ by tenant. An error of it refuses
   * the request.
   * @default {@link Identified.actor}
   */
  readonly actorIn?: (tenantId: string) => Promise<Actor> | Actor
  /**
   * Refuses requests that name no tenant, neither by path nor by domain, on routes that need one.
   * @default false
   */
  readonly mustName?: boolean
}

/**
 * Opens a context of the system, to look a credential up: in a tenant, or in none (tenant `*`, which owns no rows) for
 * entities that all tenants share.
 */
export type OpenContext = (tenantId?: string) => Ctx

/** One way of finding out who is calling. Tried in order; the first that recognises the request decides. */
export interface Authenticator {
  /** Named by routes' `schemes` and in OpenAPI. */
  readonly name: string
  /** The OpenAPI security scheme object. */
  readonly scheme: Readonly<Record<string, unknown>>
  /** Null when the request carries nothing of this kind; throws `auth.invalid_credentials` when it is wrong. */
  authenticate(request: Credentials, open: OpenContext): Promise<Identified | null> | Identified | null
  /** Called once when the instance starts; throwing refuses the start. */
  start?(log: Logger): void
}

/** Where plugins add ways of signing in; they are tried after the host's own. */
export const Authenticators = defineExtensionPoint<Authenticator>('core.authenticators')
