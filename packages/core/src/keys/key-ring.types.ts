/** The key ring behind secrets, cursors and links. */
export interface KeyRing {
  /** AES-256-GCM under the first key; the answer carries the key's id. `purpose` is authenticated. */
  encrypt(purpose: string, plain: string): Uint8Array
  /** @throws `keys.unreadable` when no key of the ring opens it or it was changed. */
  decrypt(purpose: string, sealed: Uint8Array): string
  /** HMAC-SHA-256 under a key derived (HKDF) for the purpose; base64url, 22 characters. */
  sign(purpose: string, text: string): string
  /** Constant-time check against every key of the ring. */
  verify(purpose: string, text: string, signature: string): boolean
  /**
   * HMAC-SHA-256 of a text that must be found again but not read: one for each key of the ring, the first key's first;
   * base64url, 43 characters. Store the first, look up all of them: so a rotation loses nothing until the old key goes.
   */
  hashes(purpose: string, text: string): readonly [string, ...string[]]
}
