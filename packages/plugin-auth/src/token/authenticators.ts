import {
  coreErrors,
  type Actor,
  type Authenticator,
  type Ctx,
  type Credentials,
  type Identified,
  type OpenContext,
} from '@clientele/core'
import { Access } from '../access/access.service.ts'
import { authErrors } from '../auth.errors.ts'
import { Sessions, type LiveSession } from '../session/session.service.ts'
import { AccessTokens, looksLikeJwt } from './access-token.ts'
import { sessionIdOf } from './cookie.ts'
import { requireSameSite } from './same-site.ts'

/** Programs: the access token as `Authorization: Bearer …`. */
export const bearerAuthenticator: Authenticator = {
  name: 'accessToken',
  scheme: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token that POST /api/auth/token answers',
  },
  async authenticate(request, open) {
    if (!bearerOf(request)) return null
    const ctx = open()
    const session = await bearerSession(ctx, request)
    if (!session) throw coreErrors['auth.invalid_credentials']({ scheme: 'accessToken', reason: WRONG })
    return identified(ctx, session, open)
  },
}

/** Browsers: the cookie that signing in with `as: 'cookie'` sets. */
export const cookieAuthenticator: Authenticator = {
  name: 'session',
  scheme: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-clientele',
    description: 'Set by POST /api/auth/token with as: "cookie"',
  },
  async authenticate(request, open) {
    if (request.headers['cookie'] === undefined) return null
    const ctx = open()
    const session = await cookieSession(ctx, request)
    if (!session) return null
    requireSameSite(ctx, request)
    return identified(ctx, session, open)
  },
}

/** The session that a request is made in; null for any other caller. */
export async function sessionOf(
  ctx: Ctx,
  request: Pick<Credentials, 'headers'>,
): Promise<LiveSession | null> {
  return bearerOf(request) ? bearerSession(ctx, request) : cookieSession(ctx, request)
}

const WRONG = 'the token is not of this installation, is over, or its session has ended'

function bearerOf({ headers }: Pick<Credentials, 'headers'>): string | null {
  const token = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  return token !== undefined && looksLikeJwt(token) ? token : null
}

async function bearerSession(ctx: Ctx, request: Pick<Credentials, 'headers'>): Promise<LiveSession | null> {
  const subject = await ctx.get(AccessTokens).read(ctx, bearerOf(request) ?? '')
  const session = subject && (await ctx.get(Sessions).find(ctx, subject.sessionId, 'bearer'))
  return session?.userId === subject?.userId ? session : null
}

async function cookieSession(
  ctx: Ctx,
  { headers }: Pick<Credentials, 'headers'>,
): Promise<LiveSession | null> {
  const id = sessionIdOf(ctx, headers)
  return id === null ? null : ctx.get(Sessions).find(ctx, id, 'cookie')
}

/** What no tenant is called: somebody without a role is signed in, and nowhere. */
const NOWHERE = '-'

async function identified(ctx: Ctx, { userId }: LiveSession, open: OpenContext): Promise<Identified> {
  const access = ctx.get(Access)
  const [first, ...others] = await access.tenantsOf(ctx, userId)
  const nobody: Actor = { kind: 'user', id: userId, permissions: new Set() }
  if (first === undefined) {
    // With one tenant that is the context of everything, also of what somebody does with their own account.
    return { actor: nobody, tenants: [ctx.tenantId === '*' ? NOWHERE : ctx.tenantId] }
  }
  return {
    actor: first === '*' ? await actorIn(ctx, userId, ctx.tenantId) : nobody,
    tenants: [first, ...others],
    // An operator works in a tenant only by naming it.
    mustName: first === '*',
    actorIn: (tenantId) => actorIn(open(tenantId), userId, tenantId),
  }
}

async function actorIn(ctx: Ctx, userId: string, tenantId: string): Promise<Actor> {
  const found = await ctx.get(Access).permissionsIn(ctx, userId, tenantId)
  if (!found) throw authErrors['auth.no_role']({ tenantId })
  return { kind: found.role === 'operator' ? 'operator' : 'user', id: userId, permissions: found.permissions }
}
