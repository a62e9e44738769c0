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
}
