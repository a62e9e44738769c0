import { expect, test } from 'vitest'
import { periodOf } from './period.ts'

const now = '2026-01-15T12:00:00.000Z'

test('without a word it is the last 30 days, today among them', () => {
  expect(periodOf({}, now, 'America/New_York')).toEqual({
    from: '2025-12-17T05:00:00.000Z',
    to: now,
    previous: { from: '2025-11-17T05:00:00.000Z', to: '2025-12-16T12:00:00.000Z' },
  })
})

test('one day is compared with yesterday up to the same hour', () => {
  expect(periodOf({ period: '1d' }, now, 'UTC')).toEqual({
    from: '2026-01-15T00:00:00.000Z',
    to: now,
    previous: { from: '2026-01-14T00:00:00.000Z', to: '2026-01-14T12:00:00.000Z' },
  })
})

test('instants are compared with a span of the same length before them', () => {
  const period = periodOf({ from: '2011-01-01T00:00:00+01:00', to: '2011-01-02T00:00:00Z' }, now, 'UTC')
  expect(period).toEqual({
    from: '2010-12-31T23:00:00.000Z',
    to: '2011-01-02T00:00:00.000Z',
    previous: { from: '2010-12-30T22:00:00.000Z', to: '2010-12-31T23:00:00.000Z' },
  })
})

test('what would lie before year 1 begins with it', () => {
  const { previous } = periodOf({ from: '0002-01-01T00:00:00Z' }, now, 'UTC')
  expect(previous).toEqual({ from: '0001-01-01T00:00:00.000Z', to: '0002-01-01T00:00:00.000Z' })
})
