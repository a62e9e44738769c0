import { seededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { wilsonInterval } from './wilson.ts'

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('of %i hits among %i the interval is that of the literature', (hits, of, low, high) => {
  const interval = wilsonInterval(hits, of)
  expect(interval.low).toBeCloseTo(low, 4)
  expect(interval.high).toBeCloseTo(high, 4)
})

test('the true share lies in the interval about 19 times of 20', () => {
  const random = seededRandom(20_261_121)
  let held = 0
  for (let round = 0; round < 2000; round++) {
    const share = 0.02 + random.number() * 0.96
    const hits = Array.from({ length: 400 }, () => random.number() < share).filter(Boolean).length
    const { low, high } = wilsonInterval(hits, 400)
    if (share >= low && share <= high) held++
  }
  expect(held / 2000).toBeGreaterThan(0.93)
  expect(held / 2000).toBeLessThan(0.97)
})
