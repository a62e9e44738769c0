import type { Actor } from '../context/actor.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { isProduction } from '../kernel/is-production.ts'
import { isSameSecret } from '../keys/same-secret.ts'
import { systemRandom } from '../ports/random.ts'
import type { Authenticator, Credentials, Identified } from './authenticator.ts'

/** How `devAccess` lets people in. */
export interface DevAccessOptions {
  /** @default the variable `CLIENTELE_DEV_TOKEN`; else a random one, printed once at start */
  readonly token?: string
}

/** {@link Authenticator} of {@link devAccess}, with the token it lets in. */
export interface DevAccess extends Authenticator {
  readonly token: string
  authenticate(request: Credentials): Identified | null
}

/**
 * Lets a developer in by a bearer token, with every permission, into every tenant. Only from this machine: a request
 * from another address, also one passed on by a proxy, is not let in. Refuses to start in production
 * (`NODE_ENV=production`).
 *
 * @example
 * createClientele({ storage, plugins, authenticators: [devAccess()] })
 */
export function devAccess(options: DevAccessOptions = {}): DevAccess {
  const given = options.token ?? process.env['CLIENTELE_DEV_TOKEN']
  const token = given === undefined || given === '' ? randomToken() : given
  return {
    name: 'dev',
    scheme: { type: 'http', scheme: 'bearer', description: 'Development token, from this machine only' },
    token,
    authenticate(request) {
      const sent = bearerToken(request)
      // Another token may be that of an authenticator further down.
      if (sent === null || !isSameSecret(sent, token)) return null
      if (isProduction() || !isLocal(request))
        throw wrong('it works on the machine itself only, and not in production')
      return { actor: developer, tenants: ['*'] }
    },
    start(log) {
      if (isProduction()) {
        throw coreErrors['config.invalid']({
          problems: ['devAccess() is for development and NODE_ENV is "production"; use real authenticators'],
        })
      }
      // Under the name of a token it would be redacted, and this one has to be read.
      if (token !== given)
        log.warn({ send: `Authorization: Bearer ${token}` }, 'development access, from this machine only')
    },
  }
}

const developer: Actor = { kind: 'user', id: 'developer', permissions: new Set(['*']) }

function bearerToken({ headers }: Credentials): string | null {
  return /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? null
}

/** A proxy on the same machine makes every client look local, so what it says of them counts too. */
function isLocal({ ip, headers }: Credentials): boolean {
  const forwarded = headers['x-forwarded-for']?.split(',') ?? []
  return (
    headers['forwarded'] === undefined && [ip, ...forwarded].every((address) => isLoopback(address.trim()))
  )
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(ip)
}

function randomToken(): string {
  return Buffer.from(systemRandom().bytes(24)).toString('base64url')
}

function wrong(reason: string): Error {
  return coreErrors['auth.invalid_credentials']({ scheme: 'dev', reason })
}
