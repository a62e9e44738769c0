import type { AuthKeys } from './auth-keys.ts'

/** What a refresh token says of itself. */
export interface RefreshClaim {
  readonly sessionId: string
  /** How many came before it. */
  readonly generation: number
}

const PREFIX = 'clr_'

/**
 * A refresh token: its session, its number and a MAC over both and over the session's secret seed. The database
 * therefore holds neither a token nor a hash of one, and the successor of a token can be told again: two who refresh
 * at once get the same.
 */
export function refreshToken(keys: AuthKeys, { sessionId, generation }: RefreshClaim, seed: string): string {
  const body = Buffer.alloc(20)
  Buffer.from(sessionId.replaceAll('-', ''), 'hex').copy(body)
  body.writeUInt32BE(generation, 16)
  return `${PREFIX}${body.toString('base64url')}.${keys.mac('refresh', macText({ sessionId, generation }, seed))}`
}

/** What it says, not yet proved; null for what has not the shape. */
export function readRefreshToken(token: string): (RefreshClaim & { readonly mac: string }) | null {
  const [, text, mac] = /^clr_([\w-]{27})\.([\w-]{43})$/.exec(token) ?? []
  if (text === undefined || mac === undefined) return null
  const body = Buffer.from(text, 'base64url')
  const hex = body.toString('hex', 0, 16)
  const sessionId = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
  return { sessionId, generation: body.readUInt32BE(16), mac }
}

/** Whether it was made for this session and number. */
export function isGenuine(
  keys: AuthKeys,
  claim: RefreshClaim & { readonly mac: string },
  seed: string,
): boolean {
  return keys.isMac('refresh', macText(claim, seed), claim.mac)
}

function macText({ sessionId, generation }: RefreshClaim, seed: string): string {
  return `${sessionId} ${generation} ${seed}`
}
