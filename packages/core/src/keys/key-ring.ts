import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto'
import { coreErrors } from '../errors/core.errors.ts'
import type { Random } from '../ports/random.ts'
import type { KeyRing } from './key-ring.types.ts'

interface Key {
  readonly id: string
  readonly secret: Buffer
}

/**
 * Reads a ring, `id:base64,id:base64`: the first key encrypts, all decrypt. Rotate by putting a new key first and
 * dropping the old one when nothing needs it.
 *
 * @throws `keys.invalid`
 */
export function createKeyRing(text: string, random: Random): KeyRing {
  const keys = text.split(',').map((part) => parseKey(part.trim()))
  const first = keys[0]
  if (!first || new Set(keys.map((key) => key.id)).size !== keys.length) {
    throw coreErrors['keys.invalid']({ reason: 'it is empty or names a key twice' })
  }
  // Key objects: handing the bytes over each time costs more than the MAC itself.
  const derived = new Map<string, KeyObject>()
  const derive = (key: Key, purpose: string): KeyObject => {
    const name = `${key.id} ${purpose}`
    const known = derived.get(name)
    if (known) return known
    const bytes = hkdfSync('sha256', key.secret, '', `clientele/${purpose}`, 32)
    const made = createSecretKey(Buffer.from(bytes))
    derived.set(name, made)
    return made
  }
  const mac = (key: Key, purpose: string, text: string): string =>
    createHmac('sha256', derive(key, `mac/${purpose}`))
      .update(text)
      .digest('base64url')
      .slice(0, 22)
  return {
    encrypt(purpose, plain) {
      const nonce = random.bytes(12)
      const cipher = createCipheriv('aes-256-gcm', derive(first, 'encrypt'), nonce)
      cipher.setAAD(Buffer.from(purpose))
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      const id = Buffer.from(first.id)
      return Buffer.concat([Buffer.from([1, id.length]), id, nonce, cipher.getAuthTag(), sealed])
    },
    decrypt(purpose, sealed) {
      try {
        return open(keys, derive, purpose, Buffer.from(sealed))
      } catch (cause) {
        throw coreErrors['keys.unreadable']({ purpose }, { cause })
      }
    },
    sign: (purpose, text) => mac(first, purpose, text),
    verify(purpose, text, signature) {
      const given = Buffer.from(signature)
      return keys.some((key) => {
        const expected = Buffer.from(mac(key, purpose, text))
        return expected.length === given.length && timingSafeEqual(expected, given)
      })
    },
    hashes(purpose, text) {
      const hash = (key: Key): string =>
        createHmac('sha256', derive(key, `hash/${purpose}`))
          .update(text)
          .digest('base64url')
      return [hash(first), ...keys.slice(1).map(hash)]
    },
  }
}

/** A fresh key for a ring's text form. */
export function generateKey(id: string, random: Random): string {
  return `${id}:${Buffer.from(random.bytes(32)).toString('base64')}`
}

// Layout: format 1 | length of id | id | nonce 12 | tag 16 | ciphertext
function open(
  keys: readonly Key[],
  derive: (key: Key, purpose: string) => KeyObject,
  purpose: string,
  sealed: Buffer,
): string {
  const start = 2 + sealed[1]!
  const id = sealed.subarray(2, start).toString()
  const key = keys.find((candidate) => candidate.id === id)
  if (sealed[0] !== 1 || !key) throw new Error(`no key "${id}" in the ring`)
  const decipher = createDecipheriv('aes-256-gcm', derive(key, 'encrypt'), sealed.subarray(start, start + 12))
  decipher.setAAD(Buffer.from(purpose))
  decipher.setAuthTag(sealed.subarray(start + 12, start + 28))
  return decipher.update(sealed.subarray(start + 28), undefined, 'utf8') + decipher.final('utf8')
}

function parseKey(part: string): Key {
  const colon = part.indexOf(':')
  const id = part.slice(0, Math.max(colon, 0))
  const secret = Buffer.from(part.slice(colon + 1), 'base64')
  if (!/^[\w.-]{1,32}$/.test(id)) throw coreErrors['keys.invalid']({ reason: `"${id}" is not a key id` })
  if (secret.length !== 32) {
    throw coreErrors['keys.invalid']({ reason: `key "${id}" has ${secret.length} bytes instead of 32` })
  }
  return { id, secret }
}
