import { expect, test } from 'vitest'
import { uuidV7 } from './ids.ts'
import { systemRandom } from './random.ts'

const still = { now: () => Date.parse('2026-01-01T00:00:00Z'), sleep: async () => {} }

test('ids are UUIDv7 and carry the time', () => {
  const id = uuidV7(still, systemRandom()).next()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toBe(still.now())
})

test('20,000 ids of one millisecond are distinct and sorted', () => {
  const ids = uuidV7(still, systemRandom())
  const made = Array.from({ length: 20_000 }, () => ids.next())
  expect(new Set(made).size).toBe(made.length)
  expect(made.toSorted()).toEqual(made)
})

test('a clock that goes back does not break the order', () => {
  let now = 2_000_000_000_000
  const ids = uuidV7({ ...still, now: () => now }, systemRandom())
  const before = ids.next()
  now -= 5000
  expect(ids.next() > before).toBe(true)
})
