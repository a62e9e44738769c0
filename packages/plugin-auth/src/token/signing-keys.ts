import { defineService } from '@clientele/core'
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { AuthKeys } from './auth-keys.ts'

/** A key that signs access tokens for a while. */
export interface SigningKey {
  readonly id: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/**
 * The keys of access tokens: Ed25519, one for each key of the ring and span of 30 days, derived and never stored. So
 * they rotate by themselves, alike on every node, and a ring without its old key forgets what that key signed.
 */
export interface SigningKeys {
  /** The one that signs at this time. */
  current(now: number): SigningKey
  /** The one of this id, as long as it counts: its own span, and a day around it. */
  find(id: string, now: number): SigningKey | null
}

export const SigningKeys = defineService<SigningKeys>('auth.signing-keys')

const DAY_MS = 86_400_000
const SPAN_MS = 30 * DAY_MS

export function createSigningKeys(keys: AuthKeys): SigningKeys {
  const spans = new Map<number, readonly SigningKey[]>()
  const ofSpan = (span: number): readonly SigningKey[] => {
    const known = spans.get(span)
    if (known) return known
    const ids = keys.derive('signing-key-id', String(span))
    const made = keys
      .derive('signing-key', String(span))
      .map((seed, n) => fromSeed(`${span}-${ids[n]!.toString('base64url').slice(0, 12)}`, seed))
    for (const old of spans.keys()) if (old < span - 1) spans.delete(old)
    spans.set(span, made)
    return made
  }
  return {
    current: (now) => ofSpan(Math.floor(now / SPAN_MS))[0]!,
    find(id, now) {
      const [, text] = /^(\d{1,6})-[\w-]{12}$/.exec(id) ?? []
      if (text === undefined) return null
      const span = Number(text)
      // Nodes change over within a day of each other, and tokens live for minutes.
      if (now < span * SPAN_MS - DAY_MS || now > (span + 1) * SPAN_MS + DAY_MS) return null
      return ofSpan(span).find((key) => key.id === id) ?? null
    },
  }
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

function fromSeed(id: string, seed: Buffer): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  return { id, privateKey, publicKey: createPublicKey(privateKey) }
}
