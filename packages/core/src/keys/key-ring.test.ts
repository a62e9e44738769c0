import { expect, test } from 'vitest'
import { systemRandom } from '../ports/random.ts'
import { createKeyRing, generateKey } from './key-ring.ts'

const random = systemRandom()
const first = generateKey('first', random)
const second = generateKey('second', random)

test('a secret opens under the purpose it was sealed for', () => {
  const ring = createKeyRing(first, random)
  expect(ring.decrypt('token/a', ring.encrypt('token/a', 'olá 🔑'))).toBe('olá 🔑')
})

test('a secret sealed for one row does not open for another', () => {
  const ring = createKeyRing(first, random)
  const sealed = ring.encrypt('token/a', 'x')
  expect(() => ring.decrypt('token/b', sealed)).toThrow('Cannot decrypt "token/b"')
})

test('a changed byte is noticed wherever it is', () => {
  const ring = createKeyRing(first, random)
  const sealed = ring.encrypt('token', 'secret')
  for (let index = 0; index < sealed.length; index++) {
    const changed = Uint8Array.from(sealed)
    changed[index]! ^= 1
    expect(() => ring.decrypt('token', changed)).toThrow('Cannot decrypt')
  }
})

test('after rotation old secrets open and new ones use the new key', () => {
  const sealed = createKeyRing(first, random).encrypt('token', 'old')
  const rotated = createKeyRing(`${second},${first}`, random)
  expect(rotated.decrypt('token', sealed)).toBe('old')
  expect(createKeyRing(second, random).decrypt('token', rotated.encrypt('token', 'new'))).toBe('new')
  expect(() => createKeyRing(second, random).decrypt('token', sealed)).toThrow('no longer in CLIENTELE_KEYS')
})

test('a signature holds for its purpose and text only, and survives rotation', () => {
  const signature = createKeyRing(first, random).sign('cursor', 'page 2')
  const rotated = createKeyRing(`${second},${first}`, random)
  expect(rotated.verify('cursor', 'page 2', signature)).toBe(true)
  expect(rotated.verify('cursor', 'page 3', signature)).toBe(false)
  expect(rotated.verify('link', 'page 2', signature)).toBe(false)
  expect(createKeyRing(second, random).verify('cursor', 'page 2', signature)).toBe(false)
})

test.each([
  ['', 'is not a key id'],
  ['k1:short', 'has 3 bytes instead of 32'],
  [`${first},${first}`, 'names a key twice'],
])('the ring %j is refused', (text, reason) => {
  expect(() => createKeyRing(text, random)).toThrow(reason)
})

test('a hash is found again after rotation, and says nothing for another purpose or key', () => {
  const [stored] = createKeyRing(first, random).hashes('suppression', 'ana@example.com')
  const rotated = createKeyRing(`${second},${first}`, random).hashes('suppression', 'ana@example.com')
  expect(stored).toMatch(/^[\w-]{43}$/)
  expect(rotated).toHaveLength(2)
  expect(rotated[1]).toBe(stored)
  expect(createKeyRing(first, random).hashes('other', 'ana@example.com')[0]).not.toBe(stored)
  expect(createKeyRing(second, random).hashes('suppression', 'ana@example.com')).toEqual([rotated[0]])
})
