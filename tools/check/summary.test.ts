import { expect, test } from 'vitest'
import { readSummary, summarise } from './summary.ts'

const green = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] }

test('a report becomes one line, todo counts as skipped', () => {
  expect(summarise(green, false)).toBe('7 passed, 0 failed, 2 skipped')
})

test('a file that cannot be loaded counts as one failed', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'passed', assertionResults: [{}] },
  ]
  expect(summarise({ ...green, testResults }, true)).toBe('7 passed, 1 failed, 2 skipped')
})

test('a run that failed never says that nothing failed', () => {
  expect(summarise(green, true)).toBe('7 passed, 1 failed, 2 skipped')
  expect(readSummary('no-such-file.json', true)).toBe('0 passed, 1 failed, 0 skipped')
})

test('no test ran, nothing to say', () => {
  expect(readSummary('no-such-file.json', false)).toBeUndefined()
})
