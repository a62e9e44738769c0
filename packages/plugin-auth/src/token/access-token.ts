import { defineService, fromTimestamp, uuidSchema, type Ctx } from '@clientele/core'
import { jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import { publicUrl } from '../auth.config.ts'
import type { AuthConfig } from '../auth.options.ts'
import type { SigningKeys } from './signing-keys.ts'

/** Whom an access token speaks for. */
export interface TokenSubject {
  readonly userId: string
  readonly sessionId: string
}

/**
 * Access tokens: JWTs signed with Ed25519. They say who is calling in which session, and nothing of what they may do.
 */
export interface AccessTokens {
  issue(ctx: Ctx, subject: TokenSubject): Promise<string>
  /** Null for whatever this installation did not issue for itself, or whose time is over. */
  read(ctx: Ctx, token: string): Promise<TokenSubject | null>
}

export const AccessTokens = defineService<AccessTokens>('auth.access-tokens')

const subjectClaims = z.object({ sub: uuidSchema, sid: uuidSchema })

const ALGORITHM = 'EdDSA'
/** RFC 9068: no other kind of token is taken for one. */
const TYPE = 'at+jwt'
const AUDIENCE = 'clientele'
/** How much the clocks of nodes may differ. */
const SKEW_SECONDS = 5
const LONGEST = 2000

export function createAccessTokens(keys: SigningKeys, { accessTokenSeconds }: AuthConfig): AccessTokens {
  return {
    async issue(ctx, { userId, sessionId }) {
      const now = fromTimestamp(ctx.now())
      const { id, privateKey } = keys.current(now)
      const issuedAt = Math.floor(now / 1000)
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: id })
        .setIssuer(publicUrl(ctx))
        .setAudience(AUDIENCE)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessTokenSeconds)
        .sign(privateKey)
    },
    async read(ctx, token) {
      if (token.length > LONGEST) return null
      const now = fromTimestamp(ctx.now())
      try {
        const { payload } = await jwtVerify(
          token,
          // Only a key of our own by its id; whatever else the header names (jwk, jku, x5u) is not looked at.
          ({ kid }) => {
            const key = keys.find(kid ?? '', now)
            if (!key) throw new Error('unknown key')
            return key.publicKey
          },
          {
            algorithms: [ALGORITHM],
            typ: TYPE,
            issuer: publicUrl(ctx),
            audience: AUDIENCE,
            requiredClaims: ['exp', 'iat', 'sub', 'sid'],
            maxTokenAge: accessTokenSeconds,
            clockTolerance: SKEW_SECONDS,
            currentDate: new Date(now),
          },
        )
        const { data } = subjectClaims.safeParse(payload)
        return data ? { userId: data.sub, sessionId: data.sid } : null
      } catch {
        return null
      }
    },
  }
}

/** Whether a bearer token is meant to be one of these; others are for other authenticators. */
export function looksLikeJwt(token: string): boolean {
  return token.split('.').length === 3
}
