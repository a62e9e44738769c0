import { expect, test } from 'vitest'
import { isRange, satisfies } from './version-range.ts'

test.each([
  ['1.2.3', '^1.2.0', true],
  ['2.0.0', '^1.2.0', false],
  ['0.2.9', '^0.2.3', true],
  ['0.3.0', '^0.2.3', false],
  ['0.0.4', '^0.0.3', false],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['1.0.0', '>=1.2.0', false],
  ['3.0.0', '>=1.2.0', true],
  ['1.2.3', '1.2.3', true],
  ['2.1.0', '^1.0.0 || ^2.0.0', true],
  ['0.0.1', '*', true],
])('%s in %s: %s', (version, range, expected) => {
  expect(satisfies(version, range)).toBe(expected)
})

test('only ranges that are understood are accepted', () => {
  expect(['^1.2.3', '*', '~0.1.0 || >=2.0.0'].every(isRange)).toBe(true)
  expect(['latest', '1.x', '<2', ''].some(isRange)).toBe(false)
})
