import { expect, test } from 'vitest'
import { addDays, startOfDay } from './calendar.ts'

test('a day begins at midnight in its own zone', () => {
  expect(startOfDay('2026-01-15T02:00:00.000Z', 'UTC')).toBe('2026-01-15T00:00:00.000Z')
  expect(startOfDay('2026-01-15T02:00:00.000Z', 'America/New_York')).toBe('2026-01-14T05:00:00.000Z')
  expect(startOfDay('2026-01-15T20:00:00.000Z', 'Asia/Kolkata')).toBe('2026-01-15T18:30:00.000Z')
  expect(startOfDay('2026-01-15T02:00:00.000Z', 'America/New_York', -14)).toBe('2025-12-31T05:00:00.000Z')
})

test('a day without a midnight begins at its first instant', () => {
  // On 4 November 2018 the clocks of São Paulo went from 00:00 to 01:00.
  expect(startOfDay('2018-11-04T15:00:00.000Z', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z')
})

test('days of 23 and 25 hours end where the next one begins', () => {
  const zone = 'Europe/Berlin'
  expect(startOfDay('2026-03-29T12:00:00.000Z', zone)).toBe('2026-03-28T23:00:00.000Z')
  expect(startOfDay('2026-03-29T12:00:00.000Z', zone, 1)).toBe('2026-03-29T22:00:00.000Z')
  expect(startOfDay('2026-10-25T12:00:00.000Z', zone)).toBe('2026-10-24T22:00:00.000Z')
  expect(startOfDay('2026-10-25T12:00:00.000Z', zone, 1)).toBe('2026-10-25T23:00:00.000Z')
})

test('days are added on the clock on the wall', () => {
  expect(addDays('2026-03-28T09:30:00.123Z', 'Europe/Berlin', 1)).toBe('2026-03-29T08:30:00.123Z')
  expect(addDays('2026-03-28T09:30:00.123Z', 'Europe/Berlin', -1)).toBe('2026-03-27T09:30:00.123Z')
})

test('years before the zone had a name are no exception', () => {
  expect(startOfDay('1969-12-31T23:30:00.000Z', 'Europe/Berlin')).toBe('1969-12-31T23:00:00.000Z')
})
