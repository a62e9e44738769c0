import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { decodeUuid, encodeUuid } from './uuid.ts'

test('a uuid survives as 16 bytes, in canonical lower case', () => {
  for (let i = 0; i < 200; i++) {
    const uuid = randomUUID()
    expect(encodeUuid(uuid)).toEqual(Buffer.from(uuid.replaceAll('-', ''), 'hex'))
    expect(decodeUuid(encodeUuid(uuid.toUpperCase()))).toBe(uuid)
  }
})

test('text that is no uuid never becomes 16 bytes', () => {
  const uuid = '01890000-0000-7000-8000-00000000000a'
  const wrong = [
    '',
    'sixteen letters!',
    uuid.slice(1),
    `${uuid}0`,
    uuid.replaceAll('-', '_'),
    uuid.replace('a', 'é'),
  ]
  for (const text of wrong) expect(encodeUuid(text).length).toBeGreaterThan(16)
})
